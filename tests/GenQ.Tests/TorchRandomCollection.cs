namespace GenQ.Tests;

/// <summary>
/// Tests whose result depends on torch's random generator. There is one in the process, so nothing may draw beside them.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TorchRandomCollection
{
    public const string Name = "torch's random generator";
}
