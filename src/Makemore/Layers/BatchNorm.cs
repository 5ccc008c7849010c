namespace Makemore;

/// <summary>
/// Each channel brought to mean 0 and variance 1 over the batch, then scaled and shifted: Ioffe, Szegedy: "Batch
/// normalization", 2015, algorithm 1. Statistics go in and come out; nothing has to be switched.
/// </summary>
/// <param name="Weight">(C), the scale.</param>
/// <param name="Bias">(C), the shift.</param>
/// <param name="RunningMean">(C), the mean over past batches, for evaluation.</param>
/// <param name="RunningVar">(C), the variance over past batches, unbiased.</param>
public sealed record BatchNorm(
    Tensor Weight, Tensor Bias, [Buffer] Tensor RunningMean, [Buffer] Tensor RunningVar)
{
    private const float Epsilon = 1e-5f;
    private const float Momentum = 0.1f;

    /// <summary>Scale 1, shift 0, running mean 0 and variance 1, PyTorch's defaults; another scale for layers whose
    /// outputs shall start small.</summary>
    public static BatchNorm Init(int size, float scale = 1) =>
        new(Tensor.Full(scale, [size]), Tensor.Zeros([size]), Tensor.Zeros([size]), Tensor.Ones([size]));

    /// <summary>Evaluation: (…, C) → (…, C) by the running statistics.</summary>
    public Tensor Forward(Tensor x) =>
        ((x - RunningMean) * (Weight / Primitives.Sqrt(RunningVar + Epsilon))) + Bias;

    /// <summary>
    /// Training: (…, C) → (…, C) by the statistics of the positions where <paramref name="live"/> (…) is 1; padding does
    /// not count, though it is normalized too. Updated has the running statistics after this batch.
    /// </summary>
    public (Tensor Y, BatchNorm Updated) Train(Tensor x, Tensor live)
    {
        var (y, mean, variance) = Primitives.BatchNormalize(x, Weight, Bias, live.Detach(), Epsilon);
        var count = Primitives.Sum(live.Detach());                                  // ()
        var others = Primitives.Relu(count - 2) + 1;                                // count − 1, but 1 at least
        var unbiased = variance * count / others;                                   // (C)
        var updated = this with { RunningMean = Move(RunningMean, mean), RunningVar = Move(RunningVar, unbiased) };
        return (y, updated);
    }

    private static Tensor Move(Tensor running, Tensor seen) => (running * (1 - Momentum)) + (seen * Momentum);
}
