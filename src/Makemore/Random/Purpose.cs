namespace Makemore;

/// <summary>What a run uses randomness for. Each purpose has a key of its own, <see cref="Key.FromSeed(long, Purpose)"/>, so a
/// program that uses the same keys gets a script's split, batches and samples.</summary>
public enum Purpose
{
    /// <summary>The split of the words.</summary>
    Split,

    /// <summary>The initial parameters.</summary>
    Init,

    /// <summary>The batches.</summary>
    Batches,

    /// <summary>The training steps, such as dropout.</summary>
    Steps,

    /// <summary>The samples that are shown.</summary>
    Samples,

    /// <summary>The samples that are measured, and the noise floors.</summary>
    Evaluation,
}
