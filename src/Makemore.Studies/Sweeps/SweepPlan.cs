using System.Collections.Immutable;
using LanguageExt;

namespace Makemore;

/// <summary>A setting of a sweep: the values of the options that vary.</summary>
/// <param name="Name">Its name, which is also that of its folder.</param>
/// <param name="Arguments">The arguments that its runs have.</param>
internal sealed record SweepSetting(string Name, ImmutableArray<string> Arguments);

/// <summary>The runs of a sweep: every setting with every seed.</summary>
/// <param name="Common">The arguments of all runs.</param>
/// <param name="Settings">The settings.</param>
/// <param name="Seeds">The seeds.</param>
internal sealed record SweepPlan(ImmutableArray<string> Common, ImmutableArray<SweepSetting> Settings, ImmutableArray<string> Seeds)
{
    // The sweep decides where its runs write, and resumes them itself.
    private static readonly string[] Own = ["--resume", "--keep"];

    /// <summary>The plan for the arguments of a script.</summary>
    /// <param name="options">The options of the sweep.</param>
    /// <param name="hasSeeds">Whether --seeds was given.</param>
    /// <param name="script">The script.</param>
    /// <param name="arguments">The script's arguments, with lists and ranges of values.</param>
    public static Either<Fault, SweepPlan> Of(SweepOptions options, bool hasSeeds, string script, string[] arguments) =>
        from axes in SweepAxis.Parse(arguments)
        from _ in axes.GroupBy(axis => axis.Name).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? Fault.Of($"{twice.Key} is given twice; commas separate values")
            : axes.FirstOrDefault(axis => Own.Contains(axis.Name)) is { } own
            ? Fault.Of($"{own.Name}: a sweep resumes its runs and keeps them by itself; omit the option")
            : axes.FirstOrDefault(axis => axis.IsRange && options.Random == 0) is { } range
            ? Fault.Of($"{range.Name} {range.Values[0]}: a range has values without end; --random says how many settings to draw")
            : (Either<Fault, Unit>)Unit.Default
        let seed = axes.FirstOrDefault(axis => axis.Name == FinishedRun.Seed)
        from __ in seed is not null && hasSeeds ? Fault.Of("--seed excludes --seeds") : (Either<Fault, Unit>)Unit.Default
        let varying = axes.Where(axis => axis != seed && axis.Varies).ToArray()
        let count = varying.Aggregate(1.0, (product, axis) => product * axis.Values.Length)
        let settings = options.Random > 0 ? options.Random : count
        let seeds = seed?.Values ?? [.. Enumerable.Range(1, options.Seeds).Select(i => $"{i}")]
        from ___ in settings * seeds.Length > Sweep.MaxRuns
            ? Fault.Of($"{settings} settings with {seeds.Length} seeds each are too many; a sweep has at most {Sweep.MaxRuns} runs")
            : (Either<Fault, Unit>)Unit.Default
        let values = options.Random > 0 ? Drawn(varying, options.Random) : Grid(varying)
        select new SweepPlan(
            [.. axes.Where(axis => axis != seed && !axis.Varies).SelectMany(axis => axis.With(axis.Values.FirstOrDefault()))],
            [.. values.Select(chosen => Setting(script, varying, chosen)).DistinctBy(setting => setting.Name)], seeds);

    private static IEnumerable<string?[]> Grid(SweepAxis[] axes) => axes.Aggregate(
        (IEnumerable<string?[]>)[[]], (chosen, axis) => chosen.SelectMany(values => axis.Values.Select(value => (string?[])[.. values, value])));

    private static IEnumerable<string?[]> Drawn(SweepAxis[] axes, int count) =>
        Key.FromSeed(Key.DefaultSeed).Split(count).Select(key => axes.Select((axis, i) => axis.Draw(key.At(i))).ToArray());

    private static SweepSetting Setting(string script, SweepAxis[] axes, string?[] values)
    {
        var name = axes.Length == 0
            ? Path.GetFileNameWithoutExtension(script)
            : string.Join(',', axes.Zip(values, (axis, value) => $"{axis.Label}={value}"));
        return new(
            string.Concat(name.Select(character => Path.GetInvalidFileNameChars().Contains(character) ? '-' : character)),
            [.. axes.Zip(values, (axis, value) => axis.With(value)).SelectMany(words => words)]);
    }
}
