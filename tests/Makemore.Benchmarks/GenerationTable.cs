using System.Globalization;

namespace Makemore.Benchmarks;

/// <summary>A table of the tokens per second that the Transformer generates in its default size, one sequence or a batch of them, as
/// long as the block, here and in PyTorch with a cache of keys and values, taking turns.</summary>
internal static class GenerationTable
{
    private const int Rounds = 3;
    private static readonly int Threads = Math.Min(2, Environment.ProcessorCount);

    public static void Print()
    {
        System.Console.WriteLine("| block | sequences | tokens per second | PyTorch, 1 thread | 2 threads | ratio |");
        System.Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var (block, batch) in ((int, int)[])[(256, 1), (256, 256), (1024, 1), (1024, 64)])
            System.Console.WriteLine(Row(new(4, 4, 64, block, batch)));
    }

    private static string Row(GptSize size)
    {
        using TorchSteps? one = TorchSteps.Start(1), two = TorchSteps.Start(2);
        var stepper = Stepper.Of(size with { Batch = 1 }, Threads);
        List<double> ours = [], single = [], dual = [];
        for (var round = 0; round <= Rounds; round++)
        {
            Add(ours, stepper.Generate(size.Batch, size.Block));
            Add(single, one?.Generate(size, size.Block));
            Add(dual, two?.Generate(size, size.Block));
        }
        // The first round warms up.
        var (mine, theirs) = (Rate(ours), Math.Max(Rate(single), Rate(dual)));
        return string.Create(CultureInfo.InvariantCulture,
            $"| {size.Block} | {size.Batch} | {mine:0} | {Rate(single):0} | {Rate(dual):0} | {mine / theirs:0.0} |");

        double Rate(List<double> seconds) => size.Batch * size.Block / seconds.Skip(1).Median();
    }

    private static void Add(List<double> to, double? seconds)
    {
        if (seconds is { } given)
            to.Add(given);
    }
}
