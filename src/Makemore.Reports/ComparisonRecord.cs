namespace Makemore;

/// <summary>What comparison.json says of some runs.</summary>
/// <param name="TestWords">On how many test words they were compared.</param>
/// <param name="Samples">How many samples of each were measured.</param>
/// <param name="Runs">The runs, in the order they were named.</param>
internal sealed record ComparisonRecord(long TestWords, int Samples, IReadOnlyList<ComparedRun> Runs);

/// <summary>A run among others.</summary>
/// <param name="Folder">Its work dir.</param>
/// <param name="Model">Its model's name.</param>
/// <param name="Parameters">The number of parameters.</param>
/// <param name="Steps">The number of steps it was trained; none where it was counted.</param>
/// <param name="MillisecondsPerStep">The median of its steps; none where it was counted.</param>
/// <param name="ScriptHasChanged">Whether its script is another now than when it was trained.</param>
/// <param name="Train">The loss on training words, as many as test words, and a thousand at least.</param>
/// <param name="Test">The loss on the test words; standard errors are by bootstrap over words.</param>
/// <param name="Samples">What its samples are like; none where none were asked for.</param>
/// <param name="Memorization">Whether it repeats its training words; none where no samples were asked for.</param>
/// <param name="AgainstAbove">How its test loss differs from that of the run before it; none of the first.</param>
public sealed record ComparedRun(
    string Folder, string Model, long Parameters, long? Steps, double? MillisecondsPerStep, bool ScriptHasChanged, LossSummary Train,
    LossSummary Test, SampleSummary? Samples, Memorization? Memorization, PairedBootstrap? AgainstAbove);
