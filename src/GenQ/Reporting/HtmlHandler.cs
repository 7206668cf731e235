using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace GenQ.Reporting;

/// <summary>Builds an <see cref="Html"/> from an interpolated string: its literals are markup, its holes are escaped.</summary>
/// <param name="literalLength">How long the literals are together.</param>
/// <param name="formattedCount">How many holes there are.</param>
[InterpolatedStringHandler]
internal readonly ref struct HtmlHandler(int literalLength, int formattedCount)
{
    private const int UsualHole = 16;

    private readonly StringBuilder _markup = new(literalLength + (formattedCount * UsualHole));

    /// <summary>What has been built.</summary>
    public string Markup => _markup.ToString();

    public void AppendLiteral(string markup) => _markup.Append(markup);

    public void AppendFormatted(Html piece) => _markup.Append(piece);

    public void AppendFormatted(IEnumerable<Html> pieces)
    {
        foreach (Html piece in pieces) _markup.Append(piece);
    }

    public void AppendFormatted(string? text) => _markup.Append(Html.Escape(text ?? ""));

    public void AppendFormatted<T>(T value, string? format = null)
        where T : IFormattable
        => _markup.Append(Html.Escape(value.ToString(format, CultureInfo.InvariantCulture)));
}
