using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>What a run has to report.</summary>
/// <param name="Card">What was run, and with which options.</param>
/// <param name="Leaves">The leaves of the model that was kept.</param>
public sealed record RunReport(ModelCard Card, IReadOnlyList<Leaf> Leaves)
{
    /// <summary>The evaluations on the way; none where nothing was trained.</summary>
    public ImmutableArray<Metrics> Metrics { get; init; } = [];

    /// <summary>The snapshots of --diagnose.</summary>
    public ImmutableArray<Diagnosis> Snapshots { get; init; } = [];

    /// <summary>Numbers of pairs of tokens, (V, V), with what they are.</summary>
    public ImmutableArray<(string Title, long[,] Values)> Pairs { get; init; } = [];

    /// <summary>What the heads of attention look at.</summary>
    public ImmutableArray<AttentionMap> Maps { get; init; } = [];

    /// <summary>The tokens that the maps are of.</summary>
    public ImmutableArray<int> Word { get; init; } = [];

    /// <summary>What was measured of the model; nothing where it was not.</summary>
    public ModelEvaluation? Evaluation { get; init; }

    /// <summary>The words that the model made.</summary>
    public SampleGroups? Samples { get; init; }

    /// <summary>The report: a pure function of all this.</summary>
    public Report ToReport() => new(
        Card.Model,
        $"What {Card.Script} made of {Number(Card.Vocabulary.Size)} kinds of characters, in words of up to {Card.BlockSize - 1}.",
        [.. Facts()],
        [
            Sections.Loss(Metrics),
            .. Measured(),
            .. Pairs.Select(pairs => Sections.Pairs(pairs.Title, Card.Vocabulary, pairs.Values)),
            Sections.Embeddings(Card.Vocabulary, Leaves),
            Sections.Attention([.. Word.Select(Card.Vocabulary.Show)], Maps),
            Sections.Diagnosis(Snapshots),
            .. Samples is null ? [] : new[] { Sections.Samples(Samples) },
            Sections.Parameters(Leaves),
        ]);

    private IEnumerable<Section> Measured()
    {
        if (Evaluation is not { } evaluation)
            yield break;
        yield return Sections.Breakdown(Card.Vocabulary, evaluation.Breakdown);
        yield return Sections.Reliability(evaluation.Calibration, evaluation.TopCalibration);
        if (evaluation is { Samples: { } samples, Memorization: { } memorization })
            yield return Sections.SampleQuality(samples, memorization);
    }

    private IEnumerable<(string Name, string Value)> Facts() =>
    [
        .. Evaluation is null ? [] : Losses(Evaluation),
        ("parameters", Number(Leaves.Where(leaf => !leaf.IsBuffer).Sum(leaf => (long)leaf.Value.Shape.Size))),
        .. Metrics is [.., var last] ? Pace(last) : [],
    ];

    private static (string Name, string Value)[] Losses(ModelEvaluation evaluation) =>
    [
        ("test loss, nats a character", Numbers.Show(evaluation.Test)),
        .. evaluation.Validation is { } validation
            ? new[] { ("validation loss", Numbers.Show(validation)) }
            : [],
        ("training loss", Numbers.Show(evaluation.Train)),
        ("perplexity on test words", Numbers.Show(evaluation.Test.Perplexity, "0.00")),
        .. evaluation.Samples is { } samples ? new[] { ("new among its words", Sections.Percent(samples.Novel)) } : [],
    ];

    private static (string Name, string Value)[] Pace(Metrics last) =>
        [("steps", Number(last.Step)), ("words a second", Number(Math.Round(last.WordsPerSecond)))];
}
