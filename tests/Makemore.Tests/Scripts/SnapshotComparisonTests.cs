namespace Makemore.Tests.Scripts;

/// <summary>What compares snapshots, whichever it is.</summary>
public sealed class SnapshotComparisonTests
{
    /// <summary>The test's name says in every run which it was.</summary>
    [Fact(DisplayName = $"Snapshots are compared by {Snapshot.By}")]
    public void Comparison_IsByVerify_WhereThatIsAtHand() => Assert.Equal(
        Snapshot.By == "Verify.Xunit", File.Exists(Path.Combine(AppContext.BaseDirectory, "Verify.Xunit.dll")));

    [Fact]
    public void Text_ThatDiffers_IsWrittenBesideTheVerifiedOne()
    {
        using var folder = new TemporaryFolder();
        folder.Write("Some.Test_row=a-b.verified.txt", "one\ntwo");
        Assert.ThrowsAny<Exception>(() => Verify("one\nthree"));
        Assert.Equal("one\nthree", File.ReadAllText(folder["Some.Test_row=a-b.received.txt"]));
        Verify("one\ntwo");
        Assert.Equal(["Some.Test_row=a-b.verified.txt"], folder.Names());

        void Verify(string text) => Snapshot.Verify(text, "row=a/b", folder["Some.cs"], "Test");
    }
}
