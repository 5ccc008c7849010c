using System.Diagnostics;
using System.Globalization;
using Makemore.Tests.Scripts;

namespace Makemore.Benchmarks;

/// <summary>
/// Start-up times: prints how long scripts take, from the shell and back, compared with a local tool that does nothing; and how
/// long the same work takes in a warmed-up process, the rest being start-up.
/// </summary>
internal static class StartTime
{
    private const int Rounds = 15, FirstRuns = 3, WarmUpRuns = 20;

    private const string EmptyProject = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <UseAppHost>false</UseAppHost>
            <PackAsTool>true</PackAsTool>
            <PackageId>Empty.Tool</PackageId>
            <ToolCommandName>empty-tool</ToolCommandName>
          </PropertyGroup>
        </Project>
        """;

    /// <summary>Runs the benchmark, and deletes its files.</summary>
    public static void Print()
    {
        var folder = Directory.CreateTempSubdirectory("makemore-start-").FullName;
        try
        {
            MakeEmptyTool(folder);
            var (script, output) = (Path.Combine(folder, "empty.csx"), Path.Combine(folder, "out"));
            File.WriteAllText(script, "");
            string[] bigram = ["script", Repository.Script("bigram"), "--", "-i", Repository.Words, "-o", output];
            Start[] starts =
            [
                new("an empty local tool", folder, ["tool", "run", "empty-tool"]),
                new("an empty script", Repository.Folder, ["script", script]),
                new("bigram.csx --help", Repository.Folder, [.. bigram, "--help"]),
                new("bigram.csx --report-samples 0", Repository.Folder, [.. bigram, "--report-samples", "0"], HasWork: true),
                new("bigram.csx", Repository.Folder, bigram, HasWork: true),
            ];
            var times = Measure(starts);
            var empty = times[0].Seconds;
            System.Console.WriteLine("| start | seconds | ratio to empty tool | work alone | ratio without work |");
            System.Console.WriteLine("|---|---|---|---|---|");
            foreach (var (start, (seconds, work)) in starts.Zip(times))
                System.Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"| {start.Name} | {seconds:0.000} | {seconds / empty:0.0} | ")
                    + (work is null ? " | |" : string.Create(
                        CultureInfo.InvariantCulture, $"{work:0.000} | {(seconds - work) / empty:0.0} |")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The medians of each start and of its work, taking turns, with warm caches and after enough runs that all code is
    /// compiled.</summary>
    private static (double Seconds, double? Work)[] Measure(Start[] starts)
    {
        foreach (var start in starts)
            for (var i = 0; i < FirstRuns; i++)
                Run(start.Folder, start.Arguments);
        foreach (var start in starts.Where(start => start.HasWork))
            for (var i = 0; i < WarmUpRuns; i++)
                Work(start);
        var rounds = Enumerable.Range(0, Rounds)
            .Select(_ => starts.Select(start => (Seconds: Run(start.Folder, start.Arguments), Work: start.HasWork ? Work(start) : 0)).ToArray())
            .ToArray();
        return
        [
            .. starts.Select((start, i) => (
                rounds.Select(round => round[i].Seconds).Median(),
                start.HasWork ? rounds.Select(round => round[i].Work).Median() : (double?)null)),
        ];
    }

    /// <summary>The seconds of the script in this process.</summary>
    private static double Work(Start start)
    {
        var console = System.Console.Out;
        System.Console.SetOut(TextWriter.Null);
        try
        {
            var begin = Stopwatch.GetTimestamp();
            ScriptAssembly.Run(Repository.Script("bigram"), start.Arguments[3..]);
            return Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }
        finally
        {
            System.Console.SetOut(console);
        }
    }

    /// <summary>Creates a local tool that does nothing.</summary>
    private static void MakeEmptyTool(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "Empty.csproj"), EmptyProject);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), "return;");
        File.WriteAllText(
            Path.Combine(folder, "nuget.config"),
            $"<configuration><packageSources><clear /><add key=\"here\" value=\"{folder}\" /></packageSources></configuration>");
        Run(folder, ["pack", "-c", "Release", "-o", folder]);
        Run(folder, ["new", "tool-manifest"]);
        Run(folder, ["tool", "install", "Empty.Tool"]);
    }

    private static double Run(string folder, string[] arguments)
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? Stopwatch.GetElapsedTime(start).TotalSeconds
            : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}");
    }

    private sealed record Start(string Name, string Folder, string[] Arguments, bool HasWork = false);
}
