using System.Diagnostics;
using System.Globalization;

namespace Makemore.Benchmarks;

/// <summary>
/// Start-up times: prints how long scripts take, from the shell and back, compared with a local tool that does nothing.
/// </summary>
internal static class StartTime
{
    private const int Rounds = 15, FirstRuns = 3;

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
                new("bigram.csx --report-samples 0", Repository.Folder, [.. bigram, "--report-samples", "0"]),
                new("bigram.csx", Repository.Folder, bigram),
            ];
            var times = Measure(starts);
            System.Console.WriteLine("| start | seconds | ratio to the empty tool |");
            System.Console.WriteLine("|---|---|---|");
            foreach (var (start, seconds) in starts.Zip(times))
                System.Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"| {start.Name} | {seconds:0.000} | {seconds / times[0]:0.0} |"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The median of each start, taking turns, with warm caches.</summary>
    private static double[] Measure(Start[] starts)
    {
        foreach (var start in starts)
            for (var i = 0; i < FirstRuns; i++)
                Run(start.Folder, start.Arguments);
        var rounds = Enumerable.Range(0, Rounds)
            .Select(_ => Array.ConvertAll(starts, start => Run(start.Folder, start.Arguments)))
            .ToArray();
        return [.. starts.Select((_, i) => rounds.Select(round => round[i]).Median())];
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

    private sealed record Start(string Name, string Folder, string[] Arguments);
}
