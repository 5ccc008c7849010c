namespace Makemore.Tests.Scripts;

/// <summary>The results of every script for a seed: losses to four decimals, and samples.</summary>
public sealed class SnapshotTests
{
    public static TheoryData<string> Scripts => ScriptFile.All.Names();

    public static TheoryData<string> Trained => [.. ScriptFile.Trained];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Results_OfTheFirstModel(string script) =>
        Snapshot.Verify(ScriptRun.Results(ScriptModel.Of(script).Output), $"script={script}");

    [Theory]
    [MemberData(nameof(Trained))]
    public void Results_OfAShortTraining(string script) =>
        Snapshot.Verify(ScriptRun.Results(ScriptRun.Of(script).Outcome.Output), $"script={script.Replace(" --", "-")}");
}
