using BenchmarkDotNet.Running;
using Makemore.Benchmarks;

// dotnet run -c Release --project tests/Makemore.Benchmarks -- steps [MODEL …]
// dotnet run -c Release --project tests/Makemore.Benchmarks -- words [COUNT]
// dotnet run -c Release --project tests/Makemore.Benchmarks -- start
// dotnet run -c Release --project tests/Makemore.Benchmarks -- --filter '*'
if (args is ["steps", .. var models])
    StepTable.Print(models);
else if (args is ["words", .. var count])
    LargeWords.Print(count is [var text] ? long.Parse(text) : LargeWords.DefaultCount);
else if (args is ["start"])
    StartTime.Print();
else
    BenchmarkSwitcher.FromAssembly(typeof(StepTable).Assembly).Run(args);
