namespace Makemore;

/// <summary>What a run draws randomness for: each has a key of its own.</summary>
internal enum Purpose
{
    /// <summary>Which words are held out.</summary>
    Split,

    /// <summary>The initial parameters.</summary>
    Init,

    /// <summary>The batches.</summary>
    Batches,

    /// <summary>The steps, such as dropout.</summary>
    Steps,

    /// <summary>The samples that are shown.</summary>
    Samples,

    /// <summary>The samples that are measured, and bootstraps.</summary>
    Evaluation,
}
