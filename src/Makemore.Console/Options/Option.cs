using System.Collections.Immutable;

namespace Makemore;

/// <summary>An option that a script offers, or a group of options.</summary>
public record Option
{
    private static readonly IReadOnlyList<OptionEntry> Known = OptionEntry.Of(new Options());

    private protected Option(params ImmutableArray<OptionEntry> entries) => Entries = entries;

    /// <summary>The options.</summary>
    internal ImmutableArray<OptionEntry> Entries { get; }

    /// <summary>The options of training by gradient descent, with makemore.py's defaults.</summary>
    public static Option Training(
        int maxSteps = 5000, double learningRate = 5e-4, double weightDecay = 0.01, int batchSize = 32,
        string schedule = "constant", int warmup = 0, string optimizer = "adamw", double gradClip = 0) => Group(
            OptionGroup.Training,
            (nameof(Options.MaxSteps), maxSteps), (nameof(Options.LearningRate), learningRate),
            (nameof(Options.WeightDecay), weightDecay), (nameof(Options.BatchSize), batchSize),
            (nameof(Options.Schedule), schedule), (nameof(Options.Warmup), warmup),
            (nameof(Options.Optimizer), optimizer), (nameof(Options.GradClip), gradClip));

    /// <summary>Dropout, for models that use it.</summary>
    public static Option Dropout() => One(nameof(Options.Dropout), 0.0);

    /// <summary>The embedding size.</summary>
    public static Option NEmbd(int defaultValue) => One(nameof(Options.NEmbd), defaultValue);

    /// <summary>The size of the hidden layer.</summary>
    public static Option NEmbd2(int defaultValue) => One(nameof(Options.NEmbd2), defaultValue);

    /// <summary>The number of layers.</summary>
    public static Option NLayer(int defaultValue) => One(nameof(Options.NLayer), defaultValue);

    /// <summary>The number of attention heads.</summary>
    public static Option NHead(int defaultValue) => One(nameof(Options.NHead), defaultValue);

    /// <summary>The context length: the number of characters that the model sees; by default the block size.</summary>
    public static Option Context(int? defaultValue = null) => One(nameof(Options.Context), defaultValue);

    /// <summary>An integer option of the script's own, from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public static Option<int> Number(string name, int defaultValue, string help, int min = 1, int max = int.MaxValue) =>
        new(new(name, typeof(int), defaultValue, new(help)
        {
            Group = OptionGroup.Model,
            Min = min,
            Max = max < int.MaxValue ? max : double.MaxValue,
        }));

    /// <summary>A number option of the script's own, at least <paramref name="min"/>.</summary>
    public static Option<double> Number(string name, double defaultValue, string help, double min = 0) =>
        new(new(name, typeof(double), defaultValue, new(help) { Group = OptionGroup.Model, Min = min }));

    /// <summary>A number option of the script's own without a default: null unless given.</summary>
    public static Option<double?> MaybeNumber(string name, string help, double min = 0) =>
        new(new(name, typeof(double?), null, new(help) { Group = OptionGroup.Model, Min = min }));

    /// <summary>A switch of the script's own: false unless given.</summary>
    public static Option<bool> Switch(string name, string help) =>
        new(new(name, typeof(bool), false, new(help) { Group = OptionGroup.Model }));

    /// <summary>A file option of the script's own: null unless given.</summary>
    public static Option<string?> Path(string name, string help, string? alias = null) =>
        new(new(name, typeof(string), null, new(help) { Group = OptionGroup.Model, Alias = alias, IsPath = true, IsFree = true }));

    /// <summary>A group of options, some with different defaults.</summary>
    internal static Option Group(OptionGroup group, params (string Property, object? Default)[] defaults)
    {
        var changed = defaults.ToDictionary(pair => OptionEntry.NameOf(pair.Property), pair => pair.Default);
        return new([.. Known.Where(entry => entry.Spec.Group == group).Select(entry =>
            changed.TryGetValue(entry.Name, out var value) ? entry with { Default = value } : entry)]);
    }

    private static Option One(string property, object? defaultValue) =>
        new(Known.Single(entry => entry.Name == OptionEntry.NameOf(property)) with { Default = defaultValue });
}

/// <summary>An option of the script's own; <see cref="Run.Get"/> returns its value.</summary>
/// <typeparam name="T">The type of its value.</typeparam>
public sealed record Option<T> : Option
{
    internal Option(OptionEntry entry)
        : base(entry) => Name = entry.Name;

    /// <summary>Its name.</summary>
    internal string Name { get; }
}
