namespace Makemore;

/// <summary>The contents of comparison.json.</summary>
/// <param name="TestWords">The number of test words.</param>
/// <param name="Samples">The number of samples per run.</param>
/// <param name="Runs">The runs, in the order in which they were given.</param>
internal sealed record ComparisonRecord(long TestWords, int Samples, IReadOnlyList<ComparedRun> Runs);

/// <summary>A run in a comparison.</summary>
/// <param name="Folder">Its work dir.</param>
/// <param name="Model">The name of its model.</param>
/// <param name="Parameters">The number of parameters.</param>
/// <param name="Steps">The number of training steps; null for a model that is counted.</param>
/// <param name="MillisecondsPerStep">The median time per step; null for a model that is counted.</param>
/// <param name="ScriptHasChanged">Whether its script has changed since it was trained.</param>
/// <param name="Train">The loss on as many training words as there are test words, and at least a thousand.</param>
/// <param name="Test">The loss on the test words; standard errors are bootstrapped over words.</param>
/// <param name="Samples">The quality of its samples; null if there are none.</param>
/// <param name="Memorization">Whether it repeats its training words; null if there are no samples.</param>
/// <param name="AgainstAbove">The difference between its test loss and that of the run before it; null for the first.</param>
public sealed record ComparedRun(
    string Folder, string Model, long Parameters, long? Steps, double? MillisecondsPerStep, bool ScriptHasChanged, LossSummary Train,
    LossSummary Test, SampleSummary? Samples, Memorization? Memorization, PairedBootstrap? AgainstAbove);
