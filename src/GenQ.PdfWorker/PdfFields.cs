using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Tokens;

namespace GenQ.PdfWorker;

/// <summary>What was written onto a page without becoming part of it: the values of a form's fields, and remarks.</summary>
internal sealed class PdfFields
{
    // A value is set in letters that fit its field, as a line of text does; larger fields have several lines.
    private const double LargestLetters = 12;

    // Hidden, and not to be viewed.
    private const int HiddenFlags = 2 | 32;

    private readonly Structure _structure;

    private PdfFields(Structure structure) => _structure = structure;

    /// <summary>Whether the file is a form of another format, XFA, with no more than a note in its PDF pages.</summary>
    public static bool IsXfaAlone(Structure structure, IReadOnlyList<PdfPage> pages)
    {
        DictionaryToken catalog = structure.Catalog.CatalogDictionary;
        return structure.Find<DictionaryToken>(catalog, "AcroForm") is { } form && structure.Find<IToken>(form, "XFA") is not null
            && (structure.Find<BooleanToken>(catalog, "NeedsRendering") is { Data: true } || IsPlaceholder(pages));
    }

    // What Adobe's programs write into the PDF of such a form.
    private static bool IsPlaceholder(IReadOnlyList<PdfPage> pages) =>
        pages is [{ Lines: [{ Text: { } first }, ..] lines }] && lines.Count < 20
        && first.StartsWith("Please wait", StringComparison.OrdinalIgnoreCase);

    /// <summary>Adds the values behind their labels, the remarks below the text.</summary>
    public static void Add(Structure structure, Page page, List<PdfRow> rows)
    {
        PdfFields fields = new(structure);
        if (structure.Find<ArrayToken>(page.Dictionary, "Annots") is not { } annotations) return;
        List<PdfRow> remarks = [];
        foreach (IToken item in annotations.Data)
        {
            if (structure.Find<DictionaryToken>(item) is not { } annotation) continue;
            if (((int)(structure.Find<NumericToken>(annotation, "F")?.Data ?? 0) & HiddenFlags) != 0) continue;
            switch (structure.Find<NameToken>(annotation, "Subtype")?.Data)
            {
                case "Widget":
                    fields.AddValue(annotation, rows);
                    break;
                case "FreeText" or "Text":
                    remarks.AddRange(fields.Rows(annotation, fields.AsText(structure.Find<IToken>(annotation, "Contents")), isApart: true));
                    break;
            }
        }

        rows.AddRange(remarks);
    }

    private void AddValue(DictionaryToken field, List<PdfRow> rows)
    {
        if (Inherited(field, "FT") is not NameToken { Data: "Tx" or "Ch" }) return;
        const int password = 1 << 13;
        if (((int)((Inherited(field, "Ff") as NumericToken)?.Data ?? 0) & password) != 0) return;
        string? value = Inherited(field, "V") switch
        {
            ArrayToken choices => string.Join(", ", choices.Data.Select(AsText).OfType<string>()),
            { } token => AsText(token),
            null => null,
        };
        foreach (PdfRow row in Rows(field, value, isApart: false))
        {
            PdfPiece piece = row.Pieces[0];
            // The label stands to the left of its value, on about the same line.
            PdfRow? label = rows.Where(other => row.RunsAs(other) && Math.Abs(other.Y - row.Y) <= 0.8 * Math.Max(row.Size, other.Size)
                && other.Pieces.TrueForAll(letters => letters.EndX <= piece.X + piece.Size || letters.X >= piece.EndX - piece.Size))
                .OrderBy(other => Math.Abs(other.Y - row.Y)).FirstOrDefault();
            if (label is not null)
            {
                int place = label.Pieces.FindIndex(other => other.X > piece.X);
                label.Pieces.Insert(place < 0 ? label.Pieces.Count : place, piece);
                continue;
            }

            int below = rows.FindIndex(other => row.RunsAs(other) && other.Y < row.Y);
            rows.Insert(below < 0 ? rows.Count : below, row);
        }
    }

    private IEnumerable<PdfRow> Rows(DictionaryToken annotation, string? text, bool isApart)
    {
        string[] lines = (text ?? "").Split(['\r', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        IReadOnlyList<IToken> place = _structure.Find<ArrayToken>(annotation, "Rect")?.Data ?? [];
        double[] corners = [.. place.Select(_structure.Find<NumericToken>).OfType<NumericToken>().Select(number => number.Data)];
        if (corners.Length < 4) corners = [0, 0, 0, 0];
        double left = Math.Min(corners[0], corners[2]), right = Math.Max(corners[0], corners[2]);
        double bottom = Math.Min(corners[1], corners[3]), top = Math.Max(corners[1], corners[3]);
        double size = Math.Clamp((top - bottom) * 0.7, 1, LargestLetters);
        for (int i = 0; i < lines.Length; i++)
        {
            bool isOneLine = lines.Length == 1 && top - bottom < 2.5 * size;
            double y = isOneLine ? ((top + bottom) / 2) - (0.35 * size) : top - ((i + 1) * 1.15 * size);
            PdfPiece piece = new() { X = left, EndX = right, Y = y, Size = size, Letters = lines[i].Count(c => !char.IsWhiteSpace(c)) };
            piece.Text.Append(lines[i]);
            yield return new PdfRow(piece) { IsApart = isApart && i == 0 };
        }
    }

    // A field's kind and value may stand in the fields it is part of.
    private IToken? Inherited(DictionaryToken field, string name)
    {
        const int deepest = 32;
        for (int depth = 0; depth < deepest; depth++)
        {
            if (_structure.Find<IToken>(field, name) is { } value) return value;
            if (_structure.Find<DictionaryToken>(field, "Parent") is not { } parent) return null;
            field = parent;
        }

        return null;
    }

    private string? AsText(IToken? token) => _structure.Find<IToken>(token) switch
    {
        StringToken text => text.Data,
        HexToken hex => hex.Data,
        NameToken name => name.Data,
        _ => null,
    };
}
