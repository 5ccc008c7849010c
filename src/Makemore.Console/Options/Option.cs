using System.Collections.Immutable;

namespace Makemore;

/// <summary>An option that a script offers, or several that belong together.</summary>
public record Option
{
    private static readonly IReadOnlyList<OptionEntry> Known = OptionEntry.Of(new Options());

    private protected Option(params ImmutableArray<OptionEntry> entries) => Entries = entries;

    /// <summary>The options.</summary>
    internal ImmutableArray<OptionEntry> Entries { get; }

    /// <summary>The options of training by gradient descent, with makemore.py's defaults.</summary>
    public static Option Training(
        int maxSteps = 5000, double learningRate = 5e-4, double weightDecay = 0.01, int batchSize = 32,
        string schedule = "constant", int warmup = 0) => Group(
            OptionGroup.Training,
            (nameof(Options.MaxSteps), maxSteps), (nameof(Options.LearningRate), learningRate),
            (nameof(Options.WeightDecay), weightDecay), (nameof(Options.BatchSize), batchSize),
            (nameof(Options.Schedule), schedule), (nameof(Options.Warmup), warmup));

    /// <summary>Dropout, for models that have a place for it.</summary>
    public static Option Dropout() => One(nameof(Options.Dropout), 0.0);

    /// <summary>The size of a character's vector.</summary>
    public static Option NEmbd(int standard) => One(nameof(Options.NEmbd), standard);

    /// <summary>The size of the hidden layer.</summary>
    public static Option NEmbd2(int standard) => One(nameof(Options.NEmbd2), standard);

    /// <summary>The number of layers.</summary>
    public static Option NLayer(int standard) => One(nameof(Options.NLayer), standard);

    /// <summary>The number of attention heads.</summary>
    public static Option NHead(int standard) => One(nameof(Options.NHead), standard);

    /// <summary>How many characters the model sees; by default the whole block.</summary>
    public static Option Context(int? standard = null) => One(nameof(Options.Context), standard);

    /// <summary>A whole number of the script's own, at least <paramref name="low"/>.</summary>
    public static Option<int> Number(string name, int standard, string help, int low = 1) =>
        new(new(name, typeof(int), standard, new(help) { Min = low }));

    /// <summary>A number of the script's own, at least <paramref name="low"/>.</summary>
    public static Option<double> Number(string name, double standard, string help, double low = 0) =>
        new(new(name, typeof(double), standard, new(help) { Min = low }));

    /// <summary>A number of the script's own that is absent unless given.</summary>
    public static Option<double?> MaybeNumber(string name, string help, double low = 0) =>
        new(new(name, typeof(double?), null, new(help) { Min = low }));

    /// <summary>A switch of the script's own.</summary>
    public static Option<bool> Switch(string name, string help) => new(new(name, typeof(bool), false, new(help)));

    /// <summary>A group of options, some with other defaults.</summary>
    internal static Option Group(OptionGroup group, params (string Property, object? Default)[] defaults) =>
        new([.. Known.Where(entry => entry.Form.Group == group).Select(entry =>
            Array.Find(defaults, pair => OptionEntry.NameOf(pair.Property) == entry.Name) is { Property: not null } other
                ? entry with { Default = other.Default }
                : entry)]);

    private static Option One(string property, object? standard) =>
        new(Known.Single(entry => entry.Name == OptionEntry.NameOf(property)) with { Default = standard });
}

/// <summary>An option of the script's own; <see cref="Run.Get"/> gives its value.</summary>
/// <typeparam name="T">The type of its value.</typeparam>
public sealed record Option<T> : Option
{
    internal Option(OptionEntry entry)
        : base(entry) => Name = entry.Name;

    /// <summary>Its name.</summary>
    internal string Name { get; }
}
