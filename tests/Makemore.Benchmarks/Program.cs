using BenchmarkDotNet.Running;
using Makemore.Benchmarks;

// dotnet run -c Release --project tests/Makemore.Benchmarks -- steps [MODEL or SIZE …]
// dotnet run -c Release --project tests/Makemore.Benchmarks -- generate
// dotnet run -c Release --project tests/Makemore.Benchmarks -- words [COUNT]
// [mpirun -n 2] dotnet artifacts/bin/Makemore.Benchmarks/release/Makemore.Benchmarks.dll ranks [SIZE …]
// dotnet run -c Release --project tests/Makemore.Benchmarks -- start
// dotnet run -c Release --project tests/Makemore.Benchmarks -- --filter '*'
if (args is ["steps", .. var names])
{
    var models = Stepper.Models.Where(model => names.Length == 0 || names.Contains(model)).ToArray();
    var sizes = GptSize.All.Where(size => names.Length == 0 || names.Contains(size.Name)).ToArray();
    var all = Stepper.Models.Concat(GptSize.All.Select(size => size.Name)).ToArray();
    if (names.Except(all).ToArray() is [var unknown, ..])
    {
        Console.Error.WriteLine($"steps {unknown}: there is no such model or size, only {string.Join(", ", all)}");
        return 1;
    }
    if (models.Length > 0)
        StepTable.Print(models);
    if (sizes.Length > 0)
        SizeTable.Print(sizes);
}
else if (args is ["memory", var name])
    SizeTable.PrintMemory(GptSize.All.Single(size => size.Name == name));
else if (args is ["generate"])
    GenerationTable.Print();
else if (args is ["words", .. var count])
    LargeWords.Print(count is [var text] ? long.Parse(text) : LargeWords.DefaultCount);
else if (args is ["ranks", .. var sized])
    RankTimes.Print(GptSize.All.Where(size => sized.Contains(size.Name)));
else if (args is ["start"])
    StartTime.Print();
else
    BenchmarkSwitcher.FromAssembly(typeof(StepTable).Assembly).Run(args);
return 0;
