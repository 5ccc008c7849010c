using System.Collections.Immutable;

namespace Makemore.Tests;

/// <summary>Which scripts of finished runs may run.</summary>
public sealed class TrustTests : IDisposable
{
    private const string Unchanged = "1";

    private readonly TemporaryFolder _folder = new();

    public TrustTests()
    {
        foreach (var file in new[]
        {
            "project/Makemore.slnx", "project/scripts/compare.csx", "project/scripts/mlp.csx", "project/mine.csx",
            "project/out/trip/a/own.csx", "project/out/trip/b/other.csx", "project/out/c/other.csx", "outside.csx",
        })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
            _folder.Write(file, Unchanged);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("../../../scripts/mlp.csx", null)]
    [InlineData("../../../mine.csx", null)]
    [InlineData("own.csx", "is outside the project's tree, or among the runs")]
    [InlineData("../b/other.csx", "is outside the project's tree, or among the runs")]
    [InlineData("../../c/other.csx", "is outside the project's tree, or among the runs")]
    [InlineData("../A/own.csx", "is outside the project's tree, or among the runs")]
    [InlineData("../../../OUT/c/other.csx", "is outside the project's tree, or among the runs")]
    [InlineData("../../../../outside.csx", "is outside the project's tree, or among the runs")]
    [InlineData("../../../scripts/../../outside.csx", "is outside the project's tree, or among the runs")]
    [InlineData("/etc/passwd", "is outside the project's tree, or among the runs")]
    public void Script_OfARun_RunsOnlyIfItIsTheProjects(string script, string? error)
    {
        var run = Run(script, FileHash.Of(_folder["project/mine.csx"]));
        var expected = error is null ? "no fault, but ()" : $"{run.Folder}: its script {Fault.Quoted(run.Script)} {error}; {Trust.Untrusted}";
        Assert.Equal(expected, Ask(isGiven: false).Accept(run).Message());
        Assert.True(Ask(isGiven: true).Accept(run).IsRight);
    }

    [Fact]
    public void Script_ThatHasChanged_RunsOnlyIfAsked()
    {
        var run = Run("../../../scripts/mlp.csx", "another");
        Assert.Contains("has changed since the run; undo the change", Ask(isGiven: false).Accept(run).Message());
        Assert.True(Ask(isGiven: true).Accept(run).IsRight);
    }

    private Trust Ask(bool isGiven) => new(_folder["project/scripts/compare.csx"], isGiven);

    private FinishedRun Run(string script, string hash)
    {
        var (folder, options) = (_folder["project/out/trip/a"], ImmutableSortedDictionary<string, string>.Empty);
        return new(
            folder, new("toy", script, hash, 5, 10, 0.5, options, "../words.txt", "e5", 9, 0, 1, 4),
            new("toy", Vocabulary.FromElements(["a"]).Value(), 4, options, "toy.csx", hash), Path.Combine(folder, script));
    }
}
