using System.Collections.Immutable;

namespace Makemore;

/// <summary>Looks into a model, as TransformerLens does for its users (Nanda, Bloom 2022): names every activation, replaces some, and
/// asks what a logit depends on. A model needs nothing for it: activations are found as they are computed.</summary>
public static class Lens
{
    /// <summary>A forward pass, with all its activations.</summary>
    /// <param name="model">The model.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="ids">(B, T).</param>
    /// <param name="edits">Activations to change.</param>
    /// <exception cref="ArgumentException">An edit has the name of no activation, or gives another shape.</exception>
    public static LensRun Run<P, C>(Model<P, C> model, P p, Tensor ids, params IReadOnlyList<Edit> edits)
    {
        var (observation, traced) = Observation.Of(p, edits);
        using (observation)
        {
            var logits = model.Forward(traced, ids);
            return new(logits.Escape(observation.Home), [.. observation.Activations()]);
        }
    }

    /// <summary>As <see cref="Run"/>, with the gradient of a number with respect to each activation instead of its value. No
    /// gradient flows through a value that an edit takes from elsewhere.</summary>
    /// <param name="model">The model.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="ids">(B, T).</param>
    /// <param name="of">The logits (B, T, V) → the number.</param>
    /// <param name="edits">Activations to change.</param>
    /// <exception cref="ArgumentException">It is no single number; or as for Run.</exception>
    public static LensRun Gradients<P, C>(
        Model<P, C> model, P p, Tensor ids, Func<Tensor, Tensor> of, params IReadOnlyList<Edit> edits)
    {
        var (observation, traced) = Observation.Of(p, edits);
        using (observation)
        {
            var logits = model.Forward(traced, ids);
            ImmutableArray<Activation> gradients = [.. observation.Gradients(of(logits))];
            return new(logits.Escape(observation.Home), gradients);
        }
    }

    /// <summary>The model with some activations changed, to evaluate or to sample from. It recomputes the whole sequence for each
    /// token, and cannot be trained.</summary>
    public static Model<P, Tensor> With<P, C>(Model<P, C> model, params IReadOnlyList<Edit> edits) => Model.FromForward(
        model.Name, model.BlockSize, model.Init,
        (P p, Tensor ids) => Run(model, p, ids, edits).Logits) with
    {
        Train = (_, _, _) => throw new InvalidOperationException("Lens: a model with edits cannot be trained."),
    };

    /// <summary>The logit lens (nostalgebraist: "Interpreting GPT: the logit lens", 2020): what the model would say if it ended after
    /// each layer. The residual stream there takes the place of the last one.</summary>
    /// <returns>The name of each sum of the stream, and the logits from it (B, T, V), the last of which are the model's; empty if the
    /// model has no residual stream.</returns>
    public static ImmutableArray<(string Name, Tensor Logits)> Layers<P, C>(Model<P, C> model, P p, Tensor ids)
    {
        var run = Run(model, p, ids);
        var stream = run.Stream();
        return [.. stream.Select(name => (name, Run(model, p, ids, Edit.Replace(stream[^1], run[name])).Logits))];
    }

    /// <summary>How much each head contributes to a number: how fast it changes when the head's output is scaled, which is the inner
    /// product of the output and the gradient with respect to it (Michel et al.: "Are sixteen heads really better than one?", 2019,
    /// https://arxiv.org/abs/1905.10650, without the absolute value).</summary>
    /// <param name="model">The model.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="ids">(B, T).</param>
    /// <param name="of">The logits (B, T, V) → the number, such as a logit.</param>
    public static ImmutableArray<(AttentionHead Head, double Contribution)> Attribution<P, C>(
        Model<P, C> model, P p, Tensor ids, Func<Tensor, Tensor> of)
    {
        var (run, gradients) = (Run(model, p, ids), Gradients(model, p, ids, of));
        return
        [
            .. from head in run.Heads()
               where head.Output is not null
               let output = head.Output!
               select (head, Inner(head.Part(run[output]), head.Part(gradients[output]))),
        ];
    }

    /// <summary>How much a number depends on each token of a sequence: the norm of its gradient with respect to the token's vector, in
    /// every place where the model looks it up (Li et al.: "Visualizing and understanding neural models in NLP", 2016,
    /// https://arxiv.org/abs/1506.01066).</summary>
    /// <param name="model">The model.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="ids">(1, T).</param>
    /// <param name="of">The logits (1, T, V) → the number, such as a logit.</param>
    /// <returns>A number per token.</returns>
    public static ImmutableArray<double> Saliency<P, C>(Model<P, C> model, P p, Tensor ids, Func<Tensor, Tensor> of)
    {
        var (gradients, changed) = (Gradients(model, p, ids, of), Run(model, p, ChangedInTurn(model, p, ids)));
        var squares = new double[ids.Shape[1]];
        foreach (var lookup in gradients.Activations.Where(activation => activation.Ids is not null))
        {
            var rows = lookup.Value.ToArray().Chunk(lookup.Value.Shape[^1]).Select(row => row.Sum(value => (double)value * value)).ToArray();
            var places = changed.Find(lookup.Name).Ids!.ToInts().Chunk(rows.Length).ToArray();
            for (var t = 0; t < squares.Length; t++)
                squares[t] += rows.Where((_, place) => places[t + 1][place] != places[0][place]).Sum();
        }
        return [.. squares.Select(Math.Sqrt)];
    }

    /// <summary>The tokens, and below them as many rows as there are tokens, in each of which one of them is another one: where a model
    /// looks a token up is where the ids differ.</summary>
    private static Tensor ChangedInTurn<P, C>(Model<P, C> model, P p, Tensor ids)
    {
        if (ids.Shape is not { Rank: 2 } || ids.Shape[0] != 1)
            throw new ArgumentException($"Lens.Saliency: takes one sequence (1, T), not {ids.Shape}.");
        var (tokens, size) = (ids.ToInts(), ModelChecks.Width(model, p));
        return Tensor.Of(
            [
                .. tokens,
                .. Enumerable.Range(0, tokens.Length).SelectMany(changed =>
                    tokens.Select((token, t) => t == changed ? (token + 1) % size : token)),
            ],
            [tokens.Length + 1, tokens.Length], ids.Engine);
    }

    private static double Inner(Tensor a, Tensor b) => a.ToArray().Zip(b.ToArray(), (x, y) => (double)x * y).Sum();

    /// <summary>The fault of a name that no activation has.</summary>
    internal static ArgumentException Unknown(string name) => new($"Lens: no activation is named '{name}'.");
}
