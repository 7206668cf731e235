using System.Globalization;
using System.Text;

namespace GenQ.Tests.Documents;

/// <summary>Writes PDFs object by object, for what no library writes.</summary>
internal static class TinyPdf
{
    /// <summary>A stream object with these bytes.</summary>
    public static string Stream(string content, string entries = "") => $"<<{entries}/Length {content.Length}>>\nstream\n{content}\nendstream";

    /// <summary>One page with Helvetica as /F1; further objects may have the numbers from 10.</summary>
    public static byte[] Of(string content, string page = "", string resources = "", string catalog = "", params (int Number, string Body)[] more) =>
        OfPages([content], page, resources, catalog, more);

    /// <summary>Pages with Helvetica as /F1; further objects may have the numbers from 10 to 99, and replace others.</summary>
    public static byte[] OfPages(
        IReadOnlyList<string> contents, string page = "", string resources = "", string catalog = "", params (int Number, string Body)[] more)
    {
        SortedDictionary<int, string> objects = new()
        {
            [1] = $"<</Type/Catalog/Pages 2 0 R{catalog}>>",
            [2] = $"<</Type/Pages/Count {contents.Count}/Kids[{string.Concat(contents.Select((_, i) => $"{100 + (2 * i)} 0 R "))}]>>",
            [3] = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        };
        for (int i = 0; i < contents.Count; i++)
        {
            int number = 100 + (2 * i);
            objects[number] = $"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R {Fonts(more)}>>{resources}>>"
                + $"/Contents {number + 1} 0 R{page}>>";
            objects[number + 1] = Stream(contents[i]);
        }

        foreach ((int number, string body) in more) objects[number] = body;
        StringBuilder pdf = new("%PDF-1.7\n");
        Dictionary<int, int> offsets = [];
        foreach ((int number, string body) in objects)
        {
            offsets[number] = pdf.Length;
            pdf.Append(CultureInfo.InvariantCulture, $"{number} 0 obj\n{body}\nendobj\n");
        }

        int table = pdf.Length, size = objects.Keys.Max() + 1;
        pdf.Append(CultureInfo.InvariantCulture, $"xref\n0 {size}\n");
        for (int number = 0; number < size; number++)
            pdf.Append(offsets.TryGetValue(number, out int offset) ? $"{offset:D10} 00000 n \n" : "0000000000 65535 f \n");
        pdf.Append(CultureInfo.InvariantCulture, $"trailer\n<</Root 1 0 R/Size {size}>>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.Latin1.GetBytes(pdf.ToString());
    }

    /// <summary>A line of Helvetica at a place of the page.</summary>
    public static string Line(double x, double y, string text, double size = 11) =>
        string.Create(CultureInfo.InvariantCulture, $"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET\n");

    // A font among the further objects is named /F and its number.
    private static string Fonts((int Number, string Body)[] more) => string.Join(
        ' ', more.Where(o => o.Body.Contains("/Type/Font/", StringComparison.Ordinal) && !o.Body.Contains("/CIDFont", StringComparison.Ordinal))
            .Select(o => $"/F{o.Number} {o.Number} 0 R"));
}
