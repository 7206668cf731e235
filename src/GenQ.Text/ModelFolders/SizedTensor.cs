namespace GenQ.Text;

/// <summary>A tensor whose shape follows from values of config.json, and which every checkpoint of the family holds.</summary>
/// <param name="Names">The names that checkpoints give it, the usual one first.</param>
/// <param name="Rows">The key of its first dimension, and the value.</param>
/// <param name="Columns">The key of its second dimension, and the value.</param>
/// <param name="Count">The key that says how many of its kind there are, of which this is the last, and the value.</param>
internal sealed record SizedTensor(
    IReadOnlyList<string> Names, (string Key, long Value) Rows, (string Key, long Value) Columns, (string Key, long Value)? Count = null);
