using System.Numerics;

namespace GenQ.PdfWorker;

/// <summary>Finds letters by their place: a hashed grid of cells twice as wide as the distance that is looked for.</summary>
internal sealed class PdfPlaces
{
    private readonly List<(int Number, int Before)> _entries = [];
    private readonly List<int> _found = [];
    private readonly int[] _last;

    /// <param name="capacity">How many letters there will be at most.</param>
    public PdfPlaces(int capacity)
    {
        _last = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, 16) * 2)];
        Array.Fill(_last, -1);
    }

    /// <summary>Adds a letter under a number of its own.</summary>
    public void Add(PdfLetter letter, double distance, int number)
    {
        ref int last = ref _last[Slot(Cell(letter.X, distance), Cell(letter.Y, distance))];
        _entries.Add((number, last));
        last = _entries.Count - 1;
    }

    /// <summary>The numbers of all letters within a distance, and of some others. The list is good until the next call.</summary>
    public List<int> Near(PdfLetter letter, double distance)
    {
        _found.Clear();
        int left = Cell(letter.X - distance, distance), right = Cell(letter.X + distance, distance);
        int bottom = Cell(letter.Y - distance, distance), top = Cell(letter.Y + distance, distance);
        AddCell(left, bottom);
        if (right != left) AddCell(right, bottom);
        if (top != bottom) AddCell(left, top);
        if (right != left && top != bottom) AddCell(right, top);
        return _found;
    }

    private void AddCell(int column, int row)
    {
        for (int entry = _last[Slot(column, row)]; entry >= 0; entry = _entries[entry].Before) _found.Add(_entries[entry].Number);
    }

    private static int Cell(double place, double distance) => (int)Math.Clamp(Math.Floor(place / (2 * distance)), -1e9, 1e9);

    private int Slot(int column, int row) => (int)((uint)((column * 73856093) ^ (row * 19349663)) & (uint)(_last.Length - 1));
}
