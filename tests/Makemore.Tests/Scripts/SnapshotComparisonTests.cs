namespace Makemore.Tests.Scripts;

/// <summary>Snapshot, with and without Verify.XunitV3; the name of the test shows which one is used.</summary>
public sealed class SnapshotComparisonTests
{
    [Fact(DisplayName = $"Snapshots are compared by {Snapshot.By}; a text that differs is written next to the verified one")]
    public void Verify_DifferentText_IsWrittenNextToTheVerifiedOne()
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
