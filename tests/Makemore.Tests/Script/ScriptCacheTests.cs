namespace Makemore.Tests.Script;

/// <summary>When a compiled script is used again, and when it must not be.</summary>
public sealed class ScriptCacheTests : IDisposable
{
    private const string CompilerIsLoaded =
        "AppDomain.CurrentDomain.GetAssemblies().Any(a => a.GetName().Name == \"Microsoft.CodeAnalysis\")";

    private const string UsesGenerics = "WriteLine(new[] { (1, 2.0) }.Select(pair => pair.Item1 + pair.Item2).Order().First());";

    private readonly ScriptFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Script_IsCompiledOnceAndInAnotherProcess()
    {
        folder.Write("main.csx", $"record P(int X); WriteLine($\"{{new P(1)}} {{{CompilerIsLoaded}}}\");");
        Assert.Equal("P { X = 1 } False", folder.Run("main.csx").Output);
        var written = Assert.Single(folder.CacheEntries).LastWriteTimeUtc;
        Assert.Equal("P { X = 1 } False", folder.Run("main.csx").Output);
        Assert.Equal(written, Assert.Single(folder.CacheEntries).LastWriteTimeUtc);
        Assert.Equal("P { X = 1 } True", folder.Run("--no-cache", "main.csx").Output);
    }

    [Fact]
    public void Compile_KeepsTheScriptAndDoesNotRunIt()
    {
        folder.Write("main.csx", "WriteLine(1);");
        Assert.Equal(new Outcome(0, "", ""), folder.Run("--compile", "main.csx"));
        var written = Assert.Single(folder.CacheEntries).LastWriteTimeUtc;
        Assert.Equal(new Outcome(0, "1", ""), folder.Run("main.csx"));
        Assert.Equal(written, Assert.Single(folder.CacheEntries).LastWriteTimeUtc);
    }

    [MultiCoreFact]
    public void Profile_ThatIsDamaged_IsMadeAnew()
    {
        folder.Write("main.csx", UsesGenerics);
        Assert.Equal(new Outcome(0, "3", ""), folder.Run("main.csx"));
        var whole = File.ReadAllBytes(Assert.Single(folder.Profiles).FullName);
        byte[][] damages = [[], whole[..(whole.Length / 2)], [.. whole[..^1], (byte)~whole[^1]]];
        foreach (var damage in damages)
        {
            File.WriteAllBytes(Assert.Single(folder.Profiles).FullName, damage);
            Assert.Equal(new Outcome(0, "3", ""), folder.Run("main.csx"));
            Assert.NotEqual(damage, File.ReadAllBytes(Assert.Single(folder.Profiles).FullName));
        }
    }

    [MultiCoreFact]
    public void Profile_IsThatOfTheLongestRun_UntilTheScriptChanges()
    {
        folder.Write("main.csx", $"if (Args.Count == 0) {UsesGenerics}");
        folder.Run("main.csx", "short");
        var shorter = Assert.Single(folder.Profiles).Length;
        folder.Run("main.csx");
        var longer = Assert.Single(folder.Profiles).Length;
        Assert.True(shorter < longer);
        folder.Run("main.csx", "short");
        Assert.Equal(longer, Assert.Single(folder.Profiles).Length);
        folder.Write("main.csx", "WriteLine(4);");
        folder.Run("main.csx");
        Assert.True(Assert.Single(folder.Profiles).Length < longer);
    }

    [MultiCoreFact]
    public void Profile_IsThatOfRunsWithTheSameOptions()
    {
        folder.Write("main.csx", $"if (Args.Count == 1) {UsesGenerics}");
        folder.Run("main.csx", "--", "--long");
        var longer = Assert.Single(folder.Profiles);
        folder.Run("main.csx", "--", "--short", "3", "-n");
        folder.Run("main.csx", "--", "-n", "--short=4", "-5");
        Assert.Equal(2, folder.Profiles.Length);
        Assert.True(folder.Profiles.Min(profile => profile.Length) < longer.Length);
        folder.Write("main.csx", "WriteLine(4);");
        folder.Run("main.csx");
        Assert.Single(folder.Profiles);
    }

    [Fact]
    public void Cache_ThatGrowsTooLarge_ForgetsTheOldestScriptsWithTheirProfiles()
    {
        const int Scripts = 150, Kept = 256;
        string[] endings = ["", "-00000000000000aa.profile", "-00000000000000bb.profile"];
        for (var i = 0; i < Scripts; i++)
            foreach (var ending in endings)
            {
                var (name, age) = ($"cache/makemore-script/some-{i:x16}{ending}", ending.Length == 0 ? Scripts : i);
                folder.Write(name, "");
                File.SetLastWriteTimeUtc(folder[name], DateTime.UtcNow.AddDays(-1 - age));
            }
        folder.Write("cache/makemore-script/odd.profile", "");
        folder.Write("main.csx", "WriteLine(1);");
        Assert.Equal(new Outcome(0, "", ""), folder.Run("--compile", "main.csx"));
        Assert.Equal(Kept, folder.CacheEntries.Length + folder.Profiles.Length);
        // The new script, what stands alone, and the youngest 85 of three files each; of the last one there is room for one less.
        Assert.Single(folder.CacheEntries, file => file.Name[0] == 'm');
        Assert.Equal(
            Enumerable.Range(0, 85).Select(i => $"some-{i:x16}"),
            folder.CacheEntries.Select(file => file.Name).Where(name => name[0] == 's').Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ChangedLoadedFile_IsSeen()
    {
        folder.Write("loaded.csx", "var word = \"old\";");
        folder.Write("main.csx", "#load \"loaded.csx\"\nWriteLine(word);");
        Assert.Equal("old", folder.Run("main.csx").Output);
        folder.Write("loaded.csx", "var word = \"new\";");
        Assert.Equal("new", folder.Run("main.csx").Output);
    }

    [Fact]
    public void ChangedLibrary_IsSeen_EvenWithTheSameSizeAndTime()
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
    public void DamagedEntry_IsMadeAnew()
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
    public void EntryOfAnotherFormat_IsMadeAnew()
    {
        folder.Write("main.csx", "WriteLine(1);");
        folder.Run("main.csx");
        var entry = Assert.Single(folder.CacheEntries);
        // Sealed as it should be: an FNV-1a checksum, then what an earlier host may have written, here a text.
        var text = System.Text.Encoding.ASCII.GetBytes(new string('z', 1000));
        var sum = text.Aggregate(0xcbf29ce484222325, (sum, value) => (sum ^ value) * 0x100000001b3);
        File.WriteAllBytes(entry.FullName, [.. BitConverter.GetBytes(sum), .. text]);
        var memory = ("DOTNET_GCHeapHardLimit", "0x20000000");
        Assert.Equal(new Outcome(0, "1", ""), HostProcess.Run(folder[""], folder["cache"], ["main.csx"], memory));
        Assert.Equal(entry.Length, Assert.Single(folder.CacheEntries).Length);
    }

    [Fact]
    public void CacheThatCannotBeWritten_IsDoneWithout()
    {
        folder.Write("cache", "a file where a folder should be");
        folder.Write("main.csx", "WriteLine(1);");
        Assert.Equal(new Outcome(0, "1", ""), folder.Run("main.csx"));
    }
}
