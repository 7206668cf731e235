using System.Reflection;
using BenchmarkDotNet.Running;

// dotnet run -c Release --project bench/GenQ.Benchmarks -- --filter '*Gelu*'
BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run(args);
