namespace GenQ.Training;

/// <summary>Numbers texts, so that they are compared fast. Texts that differ in case, or in the space around them, have one number.</summary>
internal sealed class TextNumbers
{
    private readonly Dictionary<string, int> _numbers = [];

    /// <summary>How many different texts have been numbered.</summary>
    public int Count => _numbers.Count;

    /// <summary>The number of a text, counted from 0 in the order in which they came.</summary>
    public int Of(string text)
    {
        string key = text.Trim().ToLowerInvariant();
        if (!_numbers.TryGetValue(key, out int number)) _numbers.Add(key, number = _numbers.Count);
        return number;
    }
}
