namespace GenQ.Training;

/// <summary>The order in which <see cref="NoDuplicatesSampler"/> deals the examples of a pass, and that of the batches.</summary>
internal interface IExampleOrder
{
    /// <summary>Gives the order of a pass, a function of its number: indices of all examples, each once.</summary>
    int[] Examples(int pass);

    /// <summary>Puts the batches of a pass, filled in the order of the examples, in the order in which they are trained on.</summary>
    void Arrange(Span<int[]> batches, int pass);
}
