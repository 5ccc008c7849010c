using BenchmarkDotNet.Running;
using Makemore.Benchmarks;

// dotnet run -c Release --project tests/Makemore.Benchmarks -- steps [MODEL …]
// dotnet run -c Release --project tests/Makemore.Benchmarks -- --filter '*'
if (args is ["steps", .. var models])
    StepTable.Print(models);
else
    BenchmarkSwitcher.FromAssembly(typeof(StepTable).Assembly).Run(args);
