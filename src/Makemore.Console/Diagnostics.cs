using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Makemore;

/// <summary>Looks into a run every so many steps; it changes nothing of what the run computes.</summary>
/// <param name="accumulate">How many batches make a step of the optimizer: others have no update to look at.</param>
internal sealed class Diagnostics(int accumulate)
{
    private const int About = 100;

    private readonly int _every = accumulate * Math.Max(1, About / accumulate);
    private readonly List<Diagnosis> _looks = [];
    private IReadOnlyList<Tensor> _gradients = [];
    private ImmutableArray<ActivationRow> _activations = [];
    private ImmutableArray<LeafRow> _leaves = [];

    /// <summary>Whether the step after so many is looked at.</summary>
    public bool IsDue(long step) => step % _every == accumulate - 1;

    /// <summary>The optimizer with a look at what goes in and at what comes out.</summary>
    public Transform Around(Transform optimizer) =>
        Transforms.Measure((_, gradients) => _gradients = gradients)
            .Then(optimizer)
            .Then(Transforms.Measure((context, updates) =>
            {
                if (IsDue(context.Step))
                    _leaves = Diagnosis.Look(context.Params, _gradients, updates);
                _gradients = [];
            }));

    /// <summary>Looks at the activations of the step that comes next.</summary>
    public void Before<P, C>(Model<P, C> model, TrainState<P> state, Batch batch, Key key) =>
        _activations = Diagnosis.Look(model, state.Params, batch, key);

    /// <summary>The line for diagnostics.jsonl after a step that was looked at.</summary>
    public string After(long step)
    {
        _looks.Add(new(step, _activations, _leaves));
        return JsonSerializer.Serialize(_looks[^1], DiagnosticsJson.Default.Diagnosis);
    }

    /// <summary>The looks in a diagnostics.jsonl; none where there is no such file.</summary>
    public static LanguageExt.Either<Fault, Diagnosis[]> Read(string path) =>
        JsonLines.Read(path, () => DiagnosticsJson.Default.Diagnosis);

    /// <summary>All looks in one table, with what is unhealthy marked, and what to try. Biases and gains, of which the rules
    /// of thumb say nothing, are in the file only, unless something is wrong with them.</summary>
    public void Show(IReporter reporter)
    {
        if (_looks.Count == 0)
            return;
        var (_, activations, leaves) = Health.Typical(_looks);
        var layers = activations.Select(row => (
            Name: $"{row.Layer} {row.Function}", Ailment: Health.Of(row),
            Numbers: new[] { Text(row.Mean), Text(row.Spread), Text(row.Saturated, "0.0%"), "", "" }));
        var parameters = leaves.Where(row => row.IsMatrix || Health.Of(row, leaves) is not null).Select(row => (
            Name: row.Leaf, Ailment: Health.Of(row, leaves),
            Numbers: new[]
            {
                Text(row.Mean), Text(row.Spread), "", Text(row.Gradient, "0.0e+0"), Text(row.UpdateToData, "0.00"),
            }));
        var rows = layers.Concat(parameters).ToArray();
        reporter.Say($"diagnosis, medians of {_looks.Count} looks, vectors where they are unhealthy:");
        reporter.Table(
            ["layer or leaf", "mean", "spread", "saturated", "gradient's spread", "log10 update/data", ""],
            rows.Select(row => (string[])[row.Name, .. row.Numbers, row.Ailment?.Symptom ?? ""]));
        foreach (var ill in rows.Where(row => row.Ailment is not null).GroupBy(row => row.Ailment!, row => row.Name))
            reporter.Say($"{ill.Key.Symptom}: {string.Join(", ", ill)}; try {ill.Key.Advice}");
        if (rows.All(row => row.Ailment is null))
            reporter.Say("diagnosis: healthy");
    }

    private static string Text(double value, string format = "0.000") => value.ToString(format, CultureInfo.InvariantCulture);
}

/// <summary>The JSON of diagnostics.</summary>
[JsonSerializable(typeof(Diagnosis))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
internal sealed partial class DiagnosticsJson : JsonSerializerContext;
