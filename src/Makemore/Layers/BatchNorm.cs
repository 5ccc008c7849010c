namespace Makemore;

/// <summary>
/// Normalizes each channel to mean 0 and variance 1 over the batch, then scales and shifts it: Ioffe, Szegedy: "Batch
/// normalization", 2015, algorithm 1. Running statistics go in and come out as values; there is no mode to switch.
/// </summary>
/// <param name="Weight">(C), the scale.</param>
/// <param name="Bias">(C), the shift.</param>
/// <param name="RunningMean">(C), the running mean of past batches, for evaluation.</param>
/// <param name="RunningVar">(C), the running variance of past batches, unbiased.</param>
public sealed record BatchNorm(
    Tensor Weight, Tensor Bias, [Buffer] Tensor RunningMean, [Buffer] Tensor RunningVar)
{
    private const float Epsilon = 1e-5f;
    private const float Momentum = 0.1f;

    /// <summary>Scale 1, shift 0, running mean 0 and running variance 1, PyTorch's defaults.</summary>
    public static BatchNorm Init(int size) =>
        new(Tensor.Ones([size]), Tensor.Zeros([size]), Tensor.Zeros([size]), Tensor.Ones([size]));

    /// <summary>Evaluation: (…, C) → (…, C), with the running statistics.</summary>
    public Tensor Forward(Tensor x) =>
        ((x - RunningMean) * (Weight / Primitives.Sqrt(RunningVar + Epsilon))) + Bias;

    /// <summary>
    /// Training: (…, C) → (…, C), with the statistics of the positions where <paramref name="live"/> (…) is 1; padding is
    /// normalized too, but does not count. Updated has the running statistics after this batch.
    /// </summary>
    public (Tensor Y, BatchNorm Updated) Train(Tensor x, Tensor live)
    {
        var (y, mean, variance) = Primitives.BatchNormalize(x, Weight, Bias, live.Detach(), Epsilon);
        var count = Primitives.LiveOfBatch(live);                                   // ()
        var others = Primitives.Relu(count - 2) + 1;                                // count − 1, but at least 1
        var unbiased = variance * count / others;                                   // (C)
        var updated = this with { RunningMean = Move(RunningMean, mean), RunningVar = Move(RunningVar, unbiased) };
        return (y, updated);
    }

    private static Tensor Move(Tensor running, Tensor seen) => (running * (1 - Momentum)) + (seen * Momentum);
}
