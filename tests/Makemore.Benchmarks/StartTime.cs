using System.Diagnostics;
using System.Globalization;
using Makemore.Tests.Scripts;

namespace Makemore.Benchmarks;

/// <summary>
/// Where a script's first second goes: prints how long starts take, from the shell and back, beside a local tool that does
/// nothing; and what the same work takes in a process that has done it before, the rest being the start's.
/// </summary>
internal static class StartTime
{
    private const int Rounds = 15, Known = 3, WarmRuns = 25, WarmCounted = 9;

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

    /// <summary>Measures, and removes what it made.</summary>
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
            var seconds = Measure(starts);
            System.Console.WriteLine("| start | seconds | times the empty tool's | its work alone | times, less that |");
            System.Console.WriteLine("|---|---|---|---|---|");
            foreach (var (start, taken) in starts.Zip(seconds))
            {
                var work = start.HasWork ? Work(start.Arguments[3..]) : 0;
                System.Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {start.Name} | {taken:0.000} | {taken / seconds[0]:0.0} | ")
                    + (work == 0 ? " | |" : string.Create(
                        CultureInfo.InvariantCulture, $"{work:0.000} | {(taken - work) / seconds[0]:0.0} |")));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The median of each, by turns; what a first start leaves for the next ones is there.</summary>
    private static double[] Measure(Start[] starts)
    {
        foreach (var start in starts)
            for (var i = 0; i < Known; i++)
                Run(start.Folder, start.Arguments);
        var rounds = Enumerable.Range(0, Rounds)
            .Select(_ => starts.Select(start => Run(start.Folder, start.Arguments)).ToArray()).ToArray();
        return [.. starts.Select((_, i) => rounds.Select(round => round[i]).Median())];
    }

    /// <summary>The seconds of the script in this process, once all of it is compiled.</summary>
    private static double Work(string[] arguments)
    {
        var (console, times) = (System.Console.Out, new List<double>());
        System.Console.SetOut(TextWriter.Null);
        try
        {
            for (var run = 0; run < WarmRuns; run++)
            {
                var start = Stopwatch.GetTimestamp();
                ScriptAssembly.Run(Repository.Script("bigram"), arguments);
                times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }
        finally
        {
            System.Console.SetOut(console);
        }
        return times.TakeLast(WarmCounted).Median();
    }

    /// <summary>A local tool whose program ends at once.</summary>
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
