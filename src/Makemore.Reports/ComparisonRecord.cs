namespace Makemore;

/// <summary>The contents of comparison.json.</summary>
/// <param name="TestWords">The number of test words.</param>
/// <param name="Samples">The number of samples per run.</param>
/// <param name="Unit">What losses are per: character or token, or byte where the runs differ in what their tokens are.</param>
/// <param name="Runs">The runs, in the order in which they were given.</param>
/// <param name="Seeds">The runs that differ in their seed alone.</param>
internal sealed record ComparisonRecord(
    long TestWords, int Samples, string Unit, IReadOnlyList<ComparedRun> Runs, IReadOnlyList<ComparedSeeds> Seeds);

/// <summary>A run in a comparison.</summary>
/// <param name="Folder">Its work dir.</param>
/// <param name="Model">The name of its model.</param>
/// <param name="Parameters">The number of parameters.</param>
/// <param name="Steps">The number of training steps; null for a model that is counted.</param>
/// <param name="MillisecondsPerStep">The median time per step; null for a model that is counted.</param>
/// <param name="ScriptHasChanged">Whether its script has changed since it was trained.</param>
/// <param name="Train">The loss on as many training words as there are test words, and at least a thousand.</param>
/// <param name="Test">The loss on the test words; the standard error is over words.</param>
/// <param name="Samples">The quality of its samples; null if there are none.</param>
/// <param name="Memorization">Whether it repeats its training words; null if there are no samples.</param>
/// <param name="Difference">The difference between its test loss and that of the run it is compared with; null for that run
/// itself.</param>
public sealed record ComparedRun(
    string Folder, string Model, long Parameters, long? Steps, double? MillisecondsPerStep, bool ScriptHasChanged, LossSummary Train,
    LossSummary Test, SampleSummary? Samples, Memorization? Memorization, PairedTest? Difference)
{
    /// <summary>The time of its training steps, in seconds; null for a model that is counted.</summary>
    internal double? Seconds => Steps * MillisecondsPerStep / 1000;
}
