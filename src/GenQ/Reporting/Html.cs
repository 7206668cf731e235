using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using GenQ.Data;

namespace GenQ.Reporting;

/// <summary>
/// A piece of HTML or SVG. It is made of interpolated strings whose holes are escaped unless they are pieces themselves, so what a document says can
/// never become markup.
/// </summary>
internal sealed class Html
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    // XML has no place for these, not even as references, and HTML calls them errors.
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Except([0x09, 0x0A, 0x0D]).Concat([0xFFFE, 0xFFFF]).Select(c => (char)c)]);

    private readonly string _markup;

    private Html(string markup) => _markup = markup;

    /// <summary>Nothing.</summary>
    public static Html Empty { get; } = new("");

    /// <summary>A piece, as in <c>Html.Of($"&lt;p&gt;{text}&lt;/p&gt;")</c>.</summary>
    public static Html Of(HtmlHandler piece) => new(piece.Markup);

    /// <summary>Pieces one after the other.</summary>
    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces));

    /// <summary>What is markup already: a style sheet of GenQ's own.</summary>
    public static Html Trusted(string markup) => new(markup);

    /// <summary>A text cut to so many characters, with an ellipsis where something is left out.</summary>
    public static string Cut(string text, int most) => text.Length <= most ? text : UnicodeText.Cut(text, most - 1).TrimEnd() + "…";

    /// <summary>A text as markup shows it. What no page may hold, control characters and halves of characters, becomes U+FFFD.</summary>
    public static string Escape(string text) => Encoder.Encode(text.AsSpan().ContainsAny(Forbidden)
        ? string.Create(text.Length, text, static (shown, text) => text.AsSpan().ReplaceAny(shown, Forbidden, '\uFFFD'))
        : text);

    /// <summary>The markup.</summary>
    public override string ToString() => _markup;
}
