using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>A run of numbers in a torch zip file, which one or several tensors look into.</summary>
/// <param name="Key">The entry <c>data/{Key}</c>.</param>
/// <param name="Type">The type of the numbers.</param>
/// <param name="Count">How many there are.</param>
internal sealed record PickledStorage(string Key, ScalarType Type, long Count);
