using System.Collections.Immutable;

namespace Makemore;

/// <summary>What a head does for one token.</summary>
/// <param name="Head">The head.</param>
/// <param name="Contribution">How fast the token's log-probability grows when the head's output is scaled, in nats.</param>
/// <param name="Change">By how much the log-probability changes without it.</param>
/// <param name="Place">The position it looks at most.</param>
/// <param name="Weight">Its weight there.</param>
public sealed record HeadReading(AttentionHead Head, double Contribution, double Change, int Place, double Weight);

/// <summary>How a model comes to expect a token after others.</summary>
/// <param name="Tokens">The tokens before it, the start first.</param>
/// <param name="Target">The token.</param>
/// <param name="Layers">The logit lens: for each sum of the residual stream, the probability of each token (V) if the model ended
/// there.</param>
/// <param name="Saliency">How much the target's log-probability depends on each of the tokens before it.</param>
/// <param name="Heads">What each attention head does for it.</param>
public sealed record Reading(
    ImmutableArray<int> Tokens, int Target, ImmutableArray<(string Name, ImmutableArray<float> Probabilities)> Layers,
    ImmutableArray<double> Saliency, ImmutableArray<HeadReading> Heads)
{
    /// <summary>The probability of each token after these.</summary>
    public required ImmutableArray<float> Probabilities { get; init; }

    /// <summary>Reads a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="tokens">The tokens before, at most the block size.</param>
    /// <param name="target">The token; null for the likeliest.</param>
    public static Reading Of<P, C>(Model<P, C> model, P p, ImmutableArray<int> tokens, int? target = null)
    {
        var ids = Tensor.Of(tokens.AsSpan(), [1, tokens.Length], Model.EngineOf(p));
        var run = Lens.Run(model, p, ids);
        var probabilities = Last(run.Logits);
        var token = target ?? probabilities.IndexOf(probabilities.Max());
        return new(
            tokens, token, [.. Lens.Layers(model, p, ids).Select(layer => (layer.Name, Last(layer.Logits)))],
            Lens.Saliency(model, p, ids, LogProbability),
            [
                .. from found in Lens.Attribution(model, p, ids, LogProbability)
                   let row = found.Head.In(run).At(0, 0).At(0, tokens.Length - 1).ToArray()
                   let without = Lens.With(model, found.Head.Ablation).Forward(p, ids)
                   select new HeadReading(
                       found.Head, found.Contribution, LogProbability(without).Item() - LogProbability(run.Logits).Item(),
                       Array.IndexOf(row, row.Max()), row.Max()),
            ])
        {
            Probabilities = probabilities,
        };

        Tensor LogProbability(Tensor logits) =>
            Primitives.LogSoftmax(logits).At(1, tokens.Length - 1).Slice(-1, token, 1).Reshape([1]);

        ImmutableArray<float> Last(Tensor logits) => [.. Primitives.Softmax(logits.At(1, tokens.Length - 1)).ToArray()];
    }
}
