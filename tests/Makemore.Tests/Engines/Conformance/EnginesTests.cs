namespace Makemore.Tests;

/// <summary>Engines opened by name.</summary>
public sealed class EnginesTests
{
    [Fact]
    public void Managed_IsAlwaysAvailable() => Assert.Equal("managed", TestedEngine.Of(Engines.Managed).Name);

    [Fact]
    public void Torch_IsAvailableOrNamesTheCommandThatBuildsIt()
    {
        var missing = TestedEngine.WhyMissing(Engines.Torch);
        Assert.True(missing is null || missing.Contains(Engines.TorchBuild, StringComparison.Ordinal), missing);
    }

    /// <summary>Libraries are compared by their contents: next to the engine is the library that it was built for.</summary>
    [Theory, InlineData("no library"), InlineData("another library")]
    public void Library_BuiltForAnotherMakemore_IsRefusedWithTheCommand(string neighbor)
    {
        using var folder = new TemporaryFolder();
        var engine = folder.Write("Makemore.TorchSharp.dll", "");
        if (neighbor == "another library")
            File.Copy(typeof(Run).Assembly.Location, folder["Makemore.dll"]);
        var fault = Assert.Throws<EngineException>(() => EngineLibrary.Load(engine, "the engine", $"`{Engines.TorchBuild}`"));
        Assert.Contains("another Makemore", fault.Message);
        Assert.EndsWith($"`{Engines.TorchBuild}`", fault.Message);
    }

    [Fact]
    public void File_OfTheProject_IsFoundFromItsSubfoldersOnly()
    {
        using TemporaryFolder project = new(), other = new();
        project.Write("Makemore.slnx", "");
        var file = project.Write("there.txt", "");
        other.Write("there.txt", "");
        Assert.Equal(file, ProjectFile.Find(project["some/folder/script.csx"], "there.txt"));
        Assert.Null(ProjectFile.Find(other["script.csx"], "there.txt"));
        Assert.Null(ProjectFile.Find("", "there.txt"));
    }
}
