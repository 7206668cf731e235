namespace GenQ.PdfWorker;

/// <summary>
/// Brings the rows of a page into reading order. The order in which they were drawn is kept where it can be one: programs that write text
/// draw it as it is read. It cannot be where words were drawn after the line they stand in, columns row by row, or lines from the bottom
/// up.
/// </summary>
internal static class PdfReadingOrder
{
    // Sorting needs time that grows faster than the rows; no page that people read has more.
    private const int MostRows = 2000;

    // Between words of one line there are no wider gaps, in units of the point size, between columns there are.
    private const double WordSpace = 0.7, LoneWordSpace = 1.5;

    // Gaps of this width, in units of the point size, may part columns.
    private const double Gutter = 0.8;

    // What stands side by side in fewer rows is a heading or a table.
    private const int FewestColumnRows = 3;

    /// <summary>Sorts the rows.</summary>
    public static List<PdfRow> Sort(List<PdfRow> rows)
    {
        if (rows.Count is < 2 or > MostRows) return rows;
        List<PdfRow> sorted = PartColumns(WithLatePieces(rows));
        sorted = !IsOutOfOrder(sorted)
            ? WithLateRows(sorted)
            : [.. sorted.GroupBy(row => sorted.FindIndex(row.RunsAs)).OrderBy(group => group.Key).SelectMany(group => FromTop([.. group]))];
        // What lies across the page, a stamp or a watermark, would part the sentence it was drawn in.
        return [.. sorted.Where(row => !IsSlanted(row)), .. sorted.Where(IsSlanted)];
    }

    /// <summary>Whether it runs neither along an edge of the page nor with the tilt of a scanned one.</summary>
    public static bool IsSlanted(PdfRow row) => Math.Abs(Math.IEEERemainder(row.Angle, Math.PI / 2)) > 0.1;

    // Words in another font are sometimes drawn when the rest of the page is done.
    private static List<PdfRow> WithLatePieces(List<PdfRow> rows)
    {
        List<PdfRow> kept = new(rows.Count);
        Dictionary<int, List<PdfRow>> byHeight = [];
        for (int i = 0; i < rows.Count; i++)
        {
            PdfRow row = rows[i];
            int height = (int)Math.Clamp(Math.Floor(row.Y / 4), -1e6, 1e6);
            // A line of a column has others of its column before or behind it.
            bool isAlone = !(i > 0 && IsStacked(row, rows[i - 1])) && !(i + 1 < rows.Count && IsStacked(row, rows[i + 1]));
            double space = isAlone ? LoneWordSpace : WordSpace;
            bool HasPlace(PdfPiece piece, double within) => Enumerable.Range(height - 1, 3)
                .SelectMany(near => byHeight.GetValueOrDefault(near) ?? []).Any(earlier => TryInsert(earlier, piece, within));
            // Where one piece has its place in an earlier row, the others of its row have theirs there.
            if (row.Pieces.RemoveAll(piece => HasPlace(piece, space)) > 0)
                row.Pieces.RemoveAll(piece => HasPlace(piece, double.PositiveInfinity));
            if (row.Pieces.Count == 0) continue;
            kept.Add(row);
            if (!byHeight.TryGetValue(height, out List<PdfRow>? same)) byHeight[height] = same = [];
            same.Add(row);
        }

        return kept;
    }

    private static bool IsStacked(PdfRow row, PdfRow other) =>
        other.Pieces.Count > 0 && row.RunsAs(other) && row.Overlaps(other) && Math.Abs(row.Y - other.Y) < 3 * row.Size;

    private static bool TryInsert(PdfRow row, PdfPiece piece, double space)
    {
        if (Math.Abs(row.Y - piece.Y) > 0.2 * piece.Size) return false;
        double size = Math.Min(row.Size, piece.Size);
        if (Math.Abs(row.Y - piece.Y) > 0.2 * size || !row.RunsAs(new PdfRow(piece))) return false;
        int place = row.Pieces.FindIndex(other => other.X > piece.X);
        if (place < 0) place = row.Pieces.Count;
        double left = place > 0 ? piece.X - row.Pieces[place - 1].EndX : double.PositiveInfinity;
        double right = place < row.Pieces.Count ? row.Pieces[place].X - piece.EndX : double.PositiveInfinity;
        if (Math.Min(left, right) < -0.2 * size || Math.Min(left, right) > space * size) return false;
        row.Pieces.Insert(place, piece);
        return true;
    }

    // Rows of two pieces and more that follow each other, with one gap through all of them, are columns where both sides are running text.
    private static List<PdfRow> PartColumns(List<PdfRow> rows)
    {
        List<PdfRow> parted = new(rows.Count);
        for (int i = 0; i < rows.Count;)
        {
            (int end, double gutter) = ColumnRows(rows, i);
            if (end == i)
            {
                parted.Add(rows[i++]);
                continue;
            }

            PdfRow[] left = [.. Side(rows, i, end, piece => piece.X < gutter)], right = [.. Side(rows, i, end, piece => piece.X >= gutter)];
            if (IsRunningText(left) && IsRunningText(right))
            {
                parted.AddRange(PartColumns([.. left]));
                parted.AddRange(PartColumns([.. right]));
            }
            else
            {
                parted.AddRange(rows[i..end]);
            }

            i = end;
        }

        return parted;
    }

    // How far the rows go through which a gap runs that begins in this one; the leftmost such gap of three rows and more.
    private static (int End, double Gutter) ColumnRows(List<PdfRow> rows, int first)
    {
        for (int gap = 1; gap < rows[first].Pieces.Count; gap++)
        {
            double from = rows[first].Pieces[gap - 1].EndX, to = rows[first].Pieces[gap].X;
            int end = first + 1, both = 1;
            for (; end < rows.Count && rows[end].RunsAs(rows[first]) && rows[end].Y < rows[end - 1].Y; end++)
            {
                double left = double.NegativeInfinity, right = double.PositiveInfinity;
                double middle = (from + to) / 2;
                foreach (PdfPiece piece in rows[end].Pieces)
                {
                    if (piece.EndX <= middle || (piece.X < from && piece.EndX < to)) left = Math.Max(left, piece.EndX);
                    else right = Math.Min(right, piece.X);
                }

                if (right <= from || Math.Min(to, right) - Math.Max(from, left) < Gutter * rows[end].Size) break;
                (from, to) = (Math.Max(from, left), Math.Min(to, right));
                if (double.IsFinite(left) && double.IsFinite(right)) both++;
            }

            if (both >= FewestColumnRows) return (end, (from + to) / 2);
        }

        return (first, 0);
    }

    private static IEnumerable<PdfRow> Side(List<PdfRow> rows, int first, int end, Func<PdfPiece, bool> isHere) =>
        rows[first..end].Select(row => row.Pieces.Where(isHere).ToArray()).Where(pieces => pieces.Length > 0)
            .Select(pieces => new PdfRow(pieces));

    // Lines of a column are about as long as each other, and many begin in the midst of a sentence; cells of a table are and do not.
    private static bool IsRunningText(PdfRow[] rows)
    {
        if (rows.Length < FewestColumnRows) return false;
        double widest = rows.Max(row => row.EndX - row.X);
        int inSentence = rows.Skip(1).Count(row => char.IsLower(row.Text.FirstOrDefault()));
        return rows.Average(row => row.Pieces.Sum(piece => piece.Words)) >= 3
            && rows.Average(row => row.EndX - row.X) >= 0.6 * widest
            && inSentence * 3 >= rows.Length - 1;
    }

    // Headings in another font may be drawn after the text as single words are: each goes ahead of the line below it.
    private static List<PdfRow> WithLateRows(List<PdfRow> rows)
    {
        List<PdfRow> placed = [rows[0]];
        bool isLate = false;
        for (int i = 1; i < rows.Count; i++)
        {
            PdfRow row = rows[i];
            isLate |= Rise(rows, i) > 0.3;
            double height = row.Y - (0.3 * row.Size);
            int below = isLate ? placed.FindIndex(other => other.RunsAs(row) && other.Overlaps(row) && other.Y < height) : -1;
            isLate = below >= 0;
            placed.Insert(isLate ? below : placed.Count, row);
        }

        return placed;
    }

    // How far a row stands above the one before it in the same column, in units of the point size.
    private static double Rise(List<PdfRow> rows, int row)
    {
        const int columns = 6;
        for (int before = row - 1; before >= Math.Max(0, row - columns); before--)
        {
            if (rows[row].RunsAs(rows[before]) && rows[row].Overlaps(rows[before]))
                return (rows[row].Y - rows[before].Y) / Math.Max(rows[row].Size, rows[before].Size);
        }

        return 0;
    }

    // Where text was drawn as it is read, the next line stands below, or in another column.
    private static bool IsOutOfOrder(List<PdfRow> rows)
    {
        int up = 0, down = 0;
        for (int i = 1; i < rows.Count; i++)
        {
            double rise = Rise(rows, i);
            if (rise > 0.3) up++;
            else if (rise < -0.3) down++;
        }

        return up * 3 > up + down;
    }

    private static List<PdfRow> FromTop(List<PdfRow> rows)
    {
        if (FindGutter(rows) is not { } gutter) return Joined(rows);
        List<PdfRow> sorted = new(rows.Count), left = [], right = [];
        foreach (PdfRow row in rows.OrderByDescending(row => row.Y))
        {
            if (row.EndX <= gutter) left.Add(row);
            else if (row.X >= gutter) right.Add(row);
            else
            {
                EndBand();
                sorted.Add(row);
            }
        }

        EndBand();
        return sorted;

        void EndBand()
        {
            sorted.AddRange(FromTop(left));
            sorted.AddRange(FromTop(right));
            left = [];
            right = [];
        }
    }

    // Where two columns part: few rows cross it, several stand on either side, at the same height.
    private static double? FindGutter(List<PdfRow> rows)
    {
        if (rows.Count < 2 * FewestColumnRows) return null;
        double? best = null;
        int fewest = rows.Count / 3;
        foreach (double end in rows.Select(row => row.EndX).Distinct().Take(200))
        {
            double gutter = end + (Gutter / 2 * rows[0].Size);
            PdfRow[] left = [.. rows.Where(row => row.EndX <= gutter)];
            PdfRow[] right = [.. rows.Where(row => row.X >= gutter && row.EndX > gutter)];
            int crossing = rows.Count - left.Length - right.Length;
            if (left.Length < FewestColumnRows || right.Length < FewestColumnRows || crossing >= fewest) continue;
            double top = Math.Min(left.Max(row => row.Y), right.Max(row => row.Y));
            double bottom = Math.Max(left.Min(row => row.Y), right.Min(row => row.Y));
            if (top - bottom < 2 * rows[0].Size) continue;
            (best, fewest) = (gutter, crossing);
        }

        return best;
    }

    // From top to bottom, and what stands on one line from left to right.
    private static List<PdfRow> Joined(List<PdfRow> rows)
    {
        List<PdfRow> joined = [];
        foreach (PdfRow row in rows.OrderByDescending(row => row.Y))
        {
            if (joined.Count > 0 && joined[^1] is { } last && Math.Abs(last.Y - row.Y) <= 0.2 * Math.Min(last.Size, row.Size))
                joined[^1] = new PdfRow(last.Pieces.Concat(row.Pieces).OrderBy(piece => piece.X));
            else joined.Add(row);
        }

        return joined;
    }
}
