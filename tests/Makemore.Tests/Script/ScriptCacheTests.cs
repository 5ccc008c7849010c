namespace Makemore.Tests.Script;

/// <summary>When a compiled script is reused, and when it must not be.</summary>
public sealed class ScriptCacheTests : IDisposable
{
    private const string CompilerIsLoaded =
        "AppDomain.CurrentDomain.GetAssemblies().Any(a => a.GetName().Name == \"Microsoft.CodeAnalysis\")";

    private readonly ScriptFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void UnchangedScript_IsCompiledOnce()
    {
        folder.Write("main.csx", $"record P(int X); WriteLine($\"{{new P(1)}} {{{CompilerIsLoaded}}}\");");
        Assert.Equal("P { X = 1 } True", folder.Run("main.csx").Output);
        var written = Assert.Single(folder.CacheEntries).LastWriteTimeUtc;
        Assert.Equal("P { X = 1 } False", folder.Run("main.csx").Output);
        Assert.Equal("P { X = 1 } True", folder.Run("--no-cache", "main.csx").Output);
        Assert.Equal(written, Assert.Single(folder.CacheEntries).LastWriteTimeUtc);
    }

    [Fact]
    public void ScriptWithErrors_IsNotCached()
    {
        folder.Write("main.csx", "missing();");
        Assert.Equal(1, folder.Run("main.csx").ExitCode);
        Assert.Empty(folder.CacheEntries);
    }

    [Fact]
    public void ScriptStartedByManyAtOnce_RunsInAllOfThem()
    {
        folder.Write("main.csx", "WriteLine(1);");
        var outcomes = new Outcome[3];
        Parallel.For(0, outcomes.Length, i => outcomes[i] = folder.Run("main.csx"));
        Assert.All(outcomes, outcome => Assert.Equal(new(0, "1", ""), outcome));
        Assert.Single(folder.CacheEntries);
    }

    [Fact]
    public void CacheThatGrowsTooLarge_LosesItsOldestScripts()
    {
        const int Scripts = 300, Kept = 256;
        for (var i = 0; i < Scripts; i++)
        {
            folder.Write($"cache/makemore-script/{i}", "");
            File.SetLastWriteTimeUtc(folder[$"cache/makemore-script/{i}"], DateTime.UtcNow.AddDays(-1 - i));
        }
        folder.Write("main.csx", "WriteLine(1);");
        Assert.Equal(new Outcome(0, "1", ""), folder.Run("main.csx"));
        var names = folder.CacheEntries.Select(file => file.Name).ToHashSet();
        Assert.Equal(Kept, names.Count);
        Assert.Superset(Enumerable.Range(0, Kept - 1).Select(i => $"{i}").ToHashSet(), names);
    }

    [Fact]
    public void ChangedLoadedFile_IsDetected()
    {
        folder.Write("loaded.csx", "var word = \"old\";");
        folder.Write("main.csx", "#load \"loaded.csx\"\nWriteLine(word);");
        Assert.Equal("old", folder.Run("main.csx").Output);
        folder.Write("loaded.csx", "var word = \"new\";");
        Assert.Equal("new", folder.Run("main.csx").Output);
    }

    [Fact]
    public void ChangedLibrary_IsDetected_EvenWithTheSameSizeAndTime()
    {
        folder.WriteLibrary("Library.dll", answer: 41);
        folder.Write("main.csx", "#r \"Library.dll\"\nWriteLine(Library.Answer);");
        Assert.Equal("41", folder.Run("main.csx").Output);
        var time = File.GetLastWriteTimeUtc(folder["Library.dll"]);
        folder.WriteLibrary("Library.dll", answer: 42);
        File.SetLastWriteTimeUtc(folder["Library.dll"], time);
        Assert.Equal("42", folder.Run("main.csx").Output);
    }

    [Fact]
    public void DamagedEntry_IsReplaced()
    {
        folder.Write("main.csx", "WriteLine(1);");
        folder.Run("main.csx");
        var entry = Assert.Single(folder.CacheEntries);
        using (var file = entry.OpenWrite())
            file.SetLength(entry.Length / 2);
        Assert.Equal(new Outcome(0, "1", ""), folder.Run("main.csx"));
        Assert.Equal(entry.Length, Assert.Single(folder.CacheEntries).Length);
    }

    [Fact]
    public void EntryOfAnotherFormat_IsReplaced()
    {
        folder.Write("main.csx", "WriteLine(1);");
        folder.Run("main.csx");
        var entry = Assert.Single(folder.CacheEntries);
        // The checksum (FNV-1a) is right, but the format is another host's. As lengths, these bytes would mean 2 GB.
        var text = System.Text.Encoding.ASCII.GetBytes(new string('z', 1000));
        var sum = text.Aggregate(0xcbf29ce484222325, (sum, value) => (sum ^ value) * 0x100000001b3);
        File.WriteAllBytes(entry.FullName, [.. BitConverter.GetBytes(sum), .. text]);
        var memory = ("DOTNET_GCHeapHardLimit", "0x20000000");
        Assert.Equal(new Outcome(0, "1", ""), HostProcess.Run(folder[""], folder["cache"], ["main.csx"], memory));
        Assert.Equal(entry.Length, Assert.Single(folder.CacheEntries).Length);
    }

    [Fact]
    public void CacheThatCannotBeWritten_IsNotNeeded()
    {
        folder.Write("cache", "a file where a folder should be");
        folder.Write("main.csx", "WriteLine(1);");
        var outcome = folder.Run("main.csx");
        Assert.Equal((0, "1"), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith("warning: scripts are compiled each time, because their cache cannot be written: ", outcome.Error);
        Assert.DoesNotContain('\n', outcome.Error);
        // A script that this one starts does not say it again.
        Assert.Equal(
            new Outcome(0, "1", ""), HostProcess.Run(folder[""], folder["cache"], ["main.csx"], ("MAKEMORE_SCRIPT_CACHE_WARNED", "1")));
    }

    /// <summary>What is in the cache is run, so nobody else may write to it.</summary>
    [LinuxFact("file modes are on Unix")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void EntryThatOthersCanWrite_IsReplaced()
    {
        const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        folder.Write("main.csx", $"WriteLine({CompilerIsLoaded});");
        Assert.Equal("True", folder.Run("main.csx").Output);
        var entry = Assert.Single(folder.CacheEntries);
        Assert.Equal(Mine, entry.UnixFileMode);
        Assert.Equal(Mine | UnixFileMode.UserExecute, entry.Directory!.UnixFileMode);
        File.SetUnixFileMode(entry.FullName, Mine | UnixFileMode.GroupWrite);
        Assert.Equal("True", folder.Run("main.csx").Output);
        Assert.Equal(Mine, File.GetUnixFileMode(entry.FullName));
        Assert.Equal("False", folder.Run("main.csx").Output);
        File.SetUnixFileMode(entry.Directory.FullName, Mine | UnixFileMode.UserExecute | UnixFileMode.OtherWrite);
        Assert.Equal("True", folder.Run("main.csx").Output);
    }

    [LinuxFact("elsewhere the variable has no meaning")]
    public void RelativeCacheFolder_IsIgnored()
    {
        folder.Write("main.csx", "WriteLine(1);");
        Assert.Equal(new Outcome(0, "1", ""), HostProcess.Run(folder[""], "here", ["main.csx"], ("HOME", folder["home"])));
        Assert.False(Directory.Exists(folder["here"]));
        Assert.Single(Directory.GetFiles(folder["home/.cache/makemore-script"]));
    }
}
