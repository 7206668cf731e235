namespace GenQ.Tests;

/// <summary>
/// Tests whose result depends on torch's random generator, or on the registers that kernels may use. There is one of either in the process, so nothing may
/// draw or compute beside them.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TorchRandomCollection
{
    public const string Name = "torch's random generator";
}
