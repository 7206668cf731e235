namespace GenQ.Tests;

/// <summary>
/// Tests whose result depends on torch's random generator, on the registers that kernels may use, or on how the heap is set. There is one of each in the
/// process, so nothing may draw or compute beside them.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TorchRandomCollection
{
    public const string Name = "torch's random generator";
}
