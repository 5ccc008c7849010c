using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>The report of a run.</summary>
/// <param name="Card">The model, and the options of the run.</param>
/// <param name="Leaves">The leaves of the saved model.</param>
public sealed record RunReport(ModelCard Card, IReadOnlyList<Leaf> Leaves)
{
    /// <summary>The losses during training.</summary>
    public LearningCurves Curves { get; init; } = LearningCurves.None;

    /// <summary>The snapshots of --diagnose.</summary>
    public ImmutableArray<Diagnosis> Snapshots { get; init; } = [];

    /// <summary>What the snapshots say: a row for each layer and matrix, and what is wrong with it.</summary>
    public DataTable Verdicts { get; init; } = new("Verdicts", [], []);

    /// <summary>Counts of pairs of tokens, (V, V), with their titles.</summary>
    public ImmutableArray<(string Title, long[,] Values)> Pairs { get; init; } = [];

    /// <summary>The attention weights of all heads.</summary>
    public ImmutableArray<AttentionMap> Maps { get; init; } = [];

    /// <summary>The tokens of the word that the attention maps are for.</summary>
    public ImmutableArray<int> Word { get; init; } = [];

    /// <summary>The evaluation of the saved model; null if it was not evaluated.</summary>
    public ModelEvaluation? Evaluation { get; init; }

    /// <summary>The model to play with, or why there is none; null for neither.</summary>
    public Section? Play { get; init; }

    /// <summary>Samples from the model.</summary>
    public SampleGroups? Samples { get; init; }

    /// <summary>A sample from a model of a text; empty for words.</summary>
    public string SampledText { get; init; } = "";

    /// <summary>Tokens of the test words or the test piece, to show how it is divided into them; empty to leave that out.</summary>
    public ImmutableArray<int> Passage { get; init; } = [];

    /// <summary>The report as a page.</summary>
    public Report ToReport() => new(
        Card.Model,
        $"{Card.Script} on a vocabulary of {Number(Card.Vocabulary.Size)} tokens and "
            + (Card.IsText ? $"windows of {Card.BlockSize} tokens of a text." : $"words of up to {Card.BlockSize - 1} {Card.Vocabulary.Unit}s."),
        [.. Facts()],
        [
            .. Play is null ? [] : new[] { Play },
            Sections.Loss(Curves),
            .. Evaluated(),
            .. Pairs.Select(pairs => Sections.Pairs(pairs.Title, Card.Vocabulary, pairs.Values)),
            .. Passage.IsEmpty ? [] : new[] { Sections.Tokens(Card.Vocabulary, Passage, Card.IsText) },
            Sections.Embeddings(Card.Vocabulary, Leaves),
            Sections.Attention([.. Word.Select(Card.Vocabulary.Show)], Maps),
            Sections.Diagnosis(Snapshots, Verdicts),
            .. Samples is null ? [] : new[] { Sections.Samples(Samples) },
            .. SampledText.Length == 0 ? [] : new[] { Sections.Text(SampledText) },
            Sections.Parameters(Leaves),
        ]);

    private IEnumerable<Section> Evaluated()
    {
        if (Evaluation is not { } evaluation)
            yield break;
        yield return Sections.Breakdown(Card.Vocabulary, evaluation.Breakdown, Card.IsText);
        yield return Sections.Reliability(evaluation.Calibration, evaluation.TopCalibration);
        if (evaluation is { Samples: { } samples, Memorization: { } memorization })
            yield return Sections.SampleQuality(samples, memorization);
    }

    private IEnumerable<(string Name, string Value)> Facts() =>
    [
        .. Evaluation is null ? [] : Losses(Card.Vocabulary, Evaluation),
        ("parameters", Number(Leaves.Where(leaf => !leaf.IsBuffer).Sum(leaf => (long)leaf.Value.Shape.Size))),
        .. Curves.Initial is { } initial
            ? new[]
            {
                ("loss before the first step", Number(initial.InitialLoss)),
                ("of a uniform guess, ln V", Number(initial.UniformLoss)),
            }
            : [],
        .. Curves.Evaluations is [.., { WordsPerSecond: { } speed } last]
            ? new[] { ("steps", Number(last.Step)), ("words per second", Number(Math.Round(speed))) }
            : [],
    ];

    private static (string Name, string Value)[] Losses(Vocabulary vocabulary, ModelEvaluation evaluation) =>
    [
        ($"test loss, nats per {vocabulary.Unit}", Numbers.Show(evaluation.Test)),
        .. evaluation.TestPerByte is { } perByte ? new[] { ("bits per byte", Numbers.Bits(perByte)) } : [],
        .. evaluation.Validation is { } validation
            ? new[] { ("validation loss", Numbers.Show(validation)) }
            : [],
        ("training loss", Numbers.Show(evaluation.Train)),
        ("perplexity on test words", Numbers.Perplexity(evaluation.Test)),
        .. evaluation.Samples is { } samples ? new[] { ("new among distinct samples", Sections.Percent(samples.Novel)) } : [],
    ];
}
