using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

public static partial class Sections
{
    private const int TokensShown = 12;

    /// <summary>How a model comes to expect a token.</summary>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="reading">What was read.</param>
    public static Section Reading(Vocabulary vocabulary, Reading reading)
    {
        ImmutableArray<string> letters = [.. reading.Tokens.Select(vocabulary.Show)];
        int[] likeliest =
        [
            .. Enumerable.Range(0, vocabulary.Size).OrderByDescending(token => reading.Probabilities[token]).Take(TokensShown)
                .Union([reading.Target]),
        ];
        var (shown, target) = (likeliest.Select(vocabulary.Show).ToImmutableArray(), vocabulary.Show(reading.Target));
        return new(
            $"After {Isolate(string.Concat(letters))}",
            $"What comes next, and why {Isolate(target)} may. The logit lens is what the model would say if it ended after each layer. "
            + "Saliency is the norm of the gradient of the log-probability with respect to the vector of each character. A head's effect is "
            + "the change of the log-probability without it, and its contribution the change per unit when its output is scaled.",
            [
                new BarChart("Next", vocabulary.Unit, "probability", shown, [new("model", [.. likeliest.Select(token => (double)reading.Probabilities[token])])]),
                new BarChart($"Saliency for {target}", vocabulary.Unit, "norm of the gradient", letters, [new("saliency", reading.Saliency)]),
                new HeatmapChart(
                    "Logit lens", "after", "next", "probability", [.. reading.Layers.Select((_, layer) => $"{layer}")], shown,
                    [.. reading.Layers.SelectMany(layer => likeliest.Select(token => (double)layer.Probabilities[token]))])
                {
                    Caption = string.Join(", ", reading.Layers.Select((layer, i) => $"{i}: {layer.Name}")),
                },
                new BarChart(
                    $"Heads, for {target}", "head", "change of ln p", [.. reading.Heads.Select(head => head.Head.Name)],
                    [
                        new("contribution", [.. reading.Heads.Select(head => head.Contribution)]),
                        new("without it", [.. reading.Heads.Select(head => head.Change)]),
                    ]),
            ]);
    }

    /// <summary>What each attention head does for the test words.</summary>
    /// <param name="effects">The effects of the heads.</param>
    /// <param name="table">The same as a table.</param>
    public static Section Heads(IReadOnlyList<HeadEffect> effects, DataTable table) => new(
        "Heads",
        "Where each head looks, and by how much the loss on test words rises when its output is replaced by zeros: on all tokens, on those "
        + "that repeat the one before, and on the ends of words.",
        [
            new BarChart(
                "Loss without a head", "head", "rise, nats per token", [.. effects.Select(effect => effect.Head.Name)],
                [
                    .. new[] { (TokenGroup.Doubled, "doubled"), (TokenGroup.Ends, "ends of words"), (TokenGroup.All, "all") }.Select(group =>
                        new BarSeries(group.Item2, [.. effects.Select(effect => effect.Changes[(int)group.Item1])])),
                ]),
            new BarChart(
                "Where heads look", "head", "mean weight", [.. effects.Select(effect => effect.Head.Name)],
                [
                    new("itself", [.. effects.Select(effect => effect.Back[0])]),
                    new("one back", [.. effects.Select(effect => effect.Back[1])]),
                    new("two back", [.. effects.Select(effect => effect.Back[2])]),
                    new("start", [.. effects.Select(effect => effect.Start)]),
                ]),
            table,
        ]);
}
