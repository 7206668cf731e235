namespace GenQ.Text;

/// <summary>A run of numbers in a torch zip file, which one or several tensors look into.</summary>
/// <param name="Key">The entry <c>data/{Key}</c>.</param>
/// <param name="Type">The type of the numbers.</param>
/// <param name="Count">How many there are.</param>
internal sealed record PickledStorage(string Key, NumberType Type, long Count);
