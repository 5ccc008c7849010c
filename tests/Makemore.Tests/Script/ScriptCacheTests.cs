using Makemore.Script;

namespace Makemore.Tests.Script;

/// <summary>When a compiled script is reused, and when it must not be.</summary>
public sealed class ScriptCacheTests : IDisposable
{
    private const string CompilerIsLoaded =
        "AppDomain.CurrentDomain.GetAssemblies().Any(a => a.GetName().Name == \"Microsoft.CodeAnalysis\")";

    private readonly ScriptFolder folder = new();

    private ScriptCache Cache => new(folder["cache/makemore-script"], [1, 2, 3, 4, 5, 6, 7, 8]);

    private CompiledScript? Found => Cache.Find(folder["main.csx"]);

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
        Keep("1");
        var names = folder.CacheEntries.Select(file => file.Name).ToHashSet();
        Assert.Equal(Kept, names.Count);
        Assert.Superset(Enumerable.Range(0, Kept - 1).Select(i => $"{i}").ToHashSet(), names);
    }

    [Fact]
    public void ChangedLoadedFile_IsDetected()
    {
        folder.Write("loaded.csx", "var word = \"old\";");
        Keep("word", "#load \"loaded.csx\"\n");
        Assert.NotNull(Found);
        folder.Write("loaded.csx", "var word = \"new\";");
        Assert.Null(Found);
    }

    [Fact]
    public void ChangedLibrary_IsDetected_EvenWithTheSameSizeAndTime()
    {
        folder.WriteLibrary("Library.dll", answer: 41);
        Keep("Library.Answer", "#r \"Library.dll\"\n");
        Assert.NotNull(Found);
        var time = File.GetLastWriteTimeUtc(folder["Library.dll"]);
        folder.WriteLibrary("Library.dll", answer: 42);
        File.SetLastWriteTimeUtc(folder["Library.dll"], time);
        Assert.Null(Found);
    }

    [Fact]
    public void DamagedEntry_IsReplaced()
    {
        Keep("1");
        var entry = Assert.Single(folder.CacheEntries);
        using (var file = entry.OpenWrite())
            file.SetLength(entry.Length / 2);
        Assert.Null(Found);
        Keep("1");
        Assert.NotNull(Found);
        Assert.Equal(entry.Length, Assert.Single(folder.CacheEntries).Length);
    }

    [Fact]
    public void EntryOfAnotherFormat_IsReplaced()
    {
        Keep("1");
        var entry = Assert.Single(folder.CacheEntries);
        // The checksum is right, but the format is another host's. As lengths, these bytes would mean 2 GB.
        File.WriteAllBytes(entry.FullName, Checksum.Seal(System.Text.Encoding.ASCII.GetBytes(new string('z', 1000))));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Null(Found);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Keep("1");
        Assert.Equal(entry.Length, Assert.Single(folder.CacheEntries).Length);
    }

    /// <summary>What is in the cache is run, so nobody else may write to it.</summary>
    [LinuxFact("file modes are on Unix")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void EntryThatOthersCanWrite_IsReplaced()
    {
        const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Keep("1");
        Assert.NotNull(Found);
        var entry = Assert.Single(folder.CacheEntries);
        Assert.Equal(Mine, entry.UnixFileMode);
        Assert.Equal(Mine | UnixFileMode.UserExecute, entry.Directory!.UnixFileMode);
        File.SetUnixFileMode(entry.FullName, Mine | UnixFileMode.GroupWrite);
        Assert.Null(Found);
        Keep("1");
        Assert.Equal(Mine, File.GetUnixFileMode(entry.FullName));
        Assert.NotNull(Found);
        File.SetUnixFileMode(entry.Directory.FullName, Mine | UnixFileMode.UserExecute | UnixFileMode.OtherWrite);
        Assert.Null(Found);
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

    [LinuxFact("elsewhere the variable has no meaning")]
    public void RelativeCacheFolder_IsIgnored()
    {
        folder.Write("main.csx", "WriteLine(1);");
        Assert.Equal(new Outcome(0, "1", ""), HostProcess.Run(folder[""], "here", ["main.csx"], ("HOME", folder["home"])));
        Assert.False(Directory.Exists(folder["here"]));
        Assert.Single(Directory.GetFiles(folder["home/.cache/makemore-script"]));
    }

    /// <summary>Compiles a script in this process, and keeps it.</summary>
    private void Keep(string value, string directives = "")
    {
        folder.Write("main.csx", $"{directives}WriteLine({value});");
        var (script, errors) = ScriptCompiler.Compile(folder["main.csx"]);
        Assert.Equal([], errors);
        Assert.Null(Cache.Keep(script!));
    }
}
