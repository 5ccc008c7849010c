namespace Makemore.Benchmarks;

/// <summary>A training run whose steps are timed.</summary>
internal interface IStepper
{
    /// <summary>The milliseconds of each of the next steps.</summary>
    double[] Time(int steps);

    /// <summary>The matrix products of one step.</summary>
    IReadOnlyList<MatrixProduct> Products();

    /// <summary>The loss on the test words of a corpus.</summary>
    double LossOn(Corpus corpus);

    /// <summary>The seconds that a batch of sequences of that many tokens takes.</summary>
    double Generate(int batch, int tokens);

    /// <summary>Words sampled per second: the median of several measurements after a warm-up.</summary>
    double SamplesPerSecond();
}

/// <summary>Garbage collections and allocated bytes.</summary>
internal readonly record struct Garbage(int Gen0, int Gen1, int Gen2, long Bytes)
{
    public static Garbage Now => new(
        GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2), GC.GetTotalAllocatedBytes(precise: true));

    public static Garbage operator -(Garbage a, Garbage b) =>
        new(a.Gen0 - b.Gen0, a.Gen1 - b.Gen1, a.Gen2 - b.Gen2, a.Bytes - b.Bytes);
}
