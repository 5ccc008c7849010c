using Makemore.Script;

namespace Makemore.Tests.Script;

/// <summary>What the host accepts, what it prints, and its exit codes.</summary>
public sealed class ScriptLanguageTests : IDisposable
{
    private readonly ScriptFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Script_WithDirectivesStatementsAndTypes_RunsAndReturnsItsExitCode()
    {
        folder.Write("deep/er/usings.csx", "global using System.Numerics;\nstring Name() => \"loaded\";");
        folder.Write("deep/load.csx", "#load \"er/usings.csx\"\nint Twice(int x) => 2 * x;");
        folder.Write("main.csx", """
            #!/usr/bin/env dotnet-script
            #load "deep/load.csx"
            await Task.Yield();
            WriteLine($"{Name()} {Twice(21)} {new Vector2(1, 2).Y} {new Point(1) with { X = 3 }}");
            Print(Args.Count);
            return 3;
            public sealed record Point(int X);
            """);
        Assert.Equal(new Outcome(3, "loaded 42 2 Point { X = 3 }\n0", ""), folder.Run("main.csx"));
    }

    [Fact]
    public void Arguments_WithAndWithoutSeparator_ReachTheScript()
    {
        folder.Write("args.csx", "WriteLine(string.Join('|', Args)); Environment.ExitCode = 5;");
        var expected = new Outcome(5, "--steps|5|-c|x", "");
        Assert.Equal(expected, folder.Run("args.csx", "--steps", "5", "-c", "x"));
        Assert.Equal(expected, folder.Run("-c", "release", "args.csx", "--", "--steps", "5", "-c", "x"));
    }

    /// <summary>As dotnet-script has it, except that without "--" all that follows a script is the script's.</summary>
    [Theory]
    [InlineData("a.csx --steps 5 -c x", "--steps 5 -c x")]
    [InlineData("a.csx -- --steps 5 -c x", "--steps 5 -c x")]
    [InlineData("a.csx -c release -- --help", "--help")]
    [InlineData("a.csx --no-cache --", "", false)]
    [InlineData("a.csx --steps 5 --configuration debug --no-cache x -- -- --no-cache", "--steps 5 x -- --no-cache", false)]
    [InlineData("--no-cache -c release a.csx", "", false)]
    [InlineData("-- --disable-isolated-load-context a.csx --help", "--help")]
    [InlineData("a.csx --no-cache", "--no-cache")]
    [InlineData("a.csx -c -- x", "-c x")]
    public void CommandLine_WithOptionsOfTheHost_LeavesTheOthersToTheScript(string line, string arguments, bool useCache = true)
    {
        var run = Assert.IsType<Command.Run>(Command.Parse(line.Split(' ')));
        Assert.Equal(("a.csx", arguments, useCache), (run.Script, string.Join(' ', run.Arguments), run.UseCache));
    }

    [LinuxFact("/dev/stdin is on Unix")]
    public void Script_FromAPipe_RunsEachTime()
    {
        foreach (var word in (string[])["one", "two"])
            Assert.Equal(
                new Outcome(0, word, ""),
                HostProcess.Run("sh", folder[""], folder["cache"], ["-c", $"echo 'WriteLine(\"{word}\");' | dotnet '{HostProcess.Path}' /dev/stdin"]));
    }

    [Fact]
    public void Library_RelativeToTheLoadedFile_IsLoadedWithItsDependenciesFromTheSameFolder()
    {
        Directory.CreateDirectory(folder["deep/lib"]);
        foreach (var name in new[] { "FsCheck.dll", "FSharp.Core.dll" })
            File.Copy(Path.Combine(AppContext.BaseDirectory, name), folder[$"deep/lib/{name}"]);
        folder.Write("deep/prelude.csx", "#r \"lib/FsCheck.dll\"\nglobal using FsCheck;");
        folder.Write("main.csx", """
            #load "deep/prelude.csx"
            WriteLine(Config.Quick.Replay is null);
            WriteLine(typeof(Config).Assembly.Location);
            WriteLine(typeof(Config).GetProperty("Replay").PropertyType.Assembly.Location);
            """);
        var expected = $"True\n{folder["deep/lib/FsCheck.dll"]}\n{folder["deep/lib/FSharp.Core.dll"]}";
        Assert.Equal(new Outcome(0, expected, ""), folder.Run("main.csx"));
    }

    [Fact]
    public void LibraryCompiledAhead_IsLoadedUnlessItIsOutdated()
    {
        folder.WriteLibrary("Library.dll", answer: 41);
        Directory.CreateDirectory(folder["ahead"]);
        File.Copy(folder["Library.dll"], folder["ahead/Library.dll"]);
        folder.Write("main.csx", "#r \"Library.dll\"\nWriteLine(typeof(Library).Assembly.Location);");
        Assert.Equal(new Outcome(0, folder["ahead/Library.dll"], ""), folder.Run("main.csx"));
        folder.WriteLibrary("Library.dll", answer: 42);
        Assert.Equal(new Outcome(0, folder["Library.dll"], ""), folder.Run("main.csx"));
    }

    [Fact]
    public void CompilerErrors_ArePrintedWithFileLineAndColumn()
    {
        folder.Write("lib/bad.csx", "int two = 2;\nint one = \"a\";");
        folder.Write("main.csx", "#r \"nuget: Some.Package, 1.0\"\n#load \"lib/bad.csx\"\n  missing();");
        var expected = string.Join('\n',
            "main.csx(1,1): error CS0006: this host restores no packages; put the file on disk and name it by its path",
            $"{Path.Combine("lib", "bad.csx")}(2,11): error CS0029: Cannot implicitly convert type 'string' to 'int'",
            "main.csx(3,3): error CS0103: The name 'missing' does not exist in the current context");
        Assert.Equal(new Outcome(1, "", expected), folder.Run("main.csx"));
    }

    [Theory]
    [InlineData("#load \"prelude.csx\"", "main.csx(1,7): error CS1504: Source file 'prelude.csx' could not be opened")]
    [InlineData("#r \"none.dll\"", "main.csx(1,1): error CS0006: Metadata file 'none.dll' could not be found")]
    public void MissingFile_IsTheOnlyError(string directive, string error)
    {
        folder.Write("main.csx", $"{directive}\nmissing(); also_missing();");
        var outcome = folder.Run("main.csx");
        Assert.StartsWith(error, outcome.Error);
        Assert.DoesNotContain('\n', outcome.Error);
        Assert.Equal(1, outcome.ExitCode);
    }

    [Fact]
    public void UnhandledException_IsPrintedAsOneLineAndTheScriptsLines()
    {
        folder.Write("throws.csx", """
            void Fail() => new List<int> { 1 }.ForEach(x => throw new InvalidOperationException("first\nsecond"));

            Fail();
            """);
        var expected = string.Join('\n',
            "throws.csx: InvalidOperationException: first second",
            "  at throws.csx:1",
            "  at throws.csx:1",
            "  at throws.csx:3");
        Assert.Equal(new Outcome(1, "", expected), folder.Run("throws.csx"));
    }

    [Fact]
    public void UnhandledException_OnAThread_IsPrintedTheSameWay()
    {
        folder.Write("thread.csx", "var t = new System.Threading.Thread(() => int.Parse(\"q\")); t.Start(); t.Join();");
        var outcome = folder.Run("thread.csx");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(
            "thread.csx: FormatException: The input string 'q' was not in a correct format.\n  at thread.csx:1",
            outcome.Error);
    }

    [Theory]
    [InlineData("none.csx", "none.csx: there is no such script")]
    [InlineData(".", ".: this is a folder; name a script in it")]
    [InlineData("--what", "--what: not an option of this script host; see dotnet script --help")]
    public void CommandLine_ThatCannotBeRun_PrintsOneLine(string argument, string answer) =>
        Assert.Equal(new Outcome(1, "", answer), folder.Run(argument));

    [Fact]
    public void CommandLine_WithoutAScript_PrintsTheUsage()
    {
        var (empty, help) = (folder.Run(), folder.Run("--help"));
        Assert.Equal((1, 0), (empty.ExitCode, help.ExitCode));
        Assert.StartsWith("usage: dotnet script", help.Output);
        Assert.Equal(help.Output, empty.Error);
    }
}
