using System.Collections.Immutable;

namespace Makemore;

/// <summary>The attention weights of one head on a sequence.</summary>
/// <param name="Layer">The layer, from 0, in the order of computation.</param>
/// <param name="Head">The head, from 0.</param>
/// <param name="Length">T, the number of positions.</param>
/// <param name="Weights">(T, T) row by row: the weight of position s at position t. A row adds up to 1, and is 0 for s >
/// t.</param>
public sealed record AttentionMap(int Layer, int Head, int Length, ImmutableArray<float> Weights)
{
    /// <summary>The weight of position s at position t.</summary>
    public float this[int t, int s] => Weights[(t * Length) + s];
}

/// <summary>Finds the attention weights of any model, which does not have to expose them.</summary>
public static class AttentionMaps
{
    private const int MaxLengthShown = 8, WordsTried = 1000;

    /// <summary>An example sequence: the start token, and the longest of the first test words that is short enough for a
    /// picture.</summary>
    public static ImmutableArray<int> Example(Corpus corpus)
    {
        var length = Math.Min(MaxLengthShown, corpus.BlockSize - 1);
        var words = Enumerable.Range(0, (int)Math.Min(WordsTried, corpus.Test.Count))
            .Select(i => corpus.Test.Beginning(i, length + 1)).ToArray();
        var word = words.Where(tokens => tokens.Length <= length).DefaultIfEmpty(words[0]).MaxBy(tokens => tokens.Length)!;
        return corpus.IsText ? [.. word.Take(length)] : [Vocabulary.Stop, .. word.Take(length)];
    }

    /// <summary>The attention weights of all heads on one sequence, layer by layer; empty if the model has no
    /// attention (<see cref="LensRun.Heads"/>).</summary>
    /// <param name="model">The model.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="ids">The sequence: T tokens, at most the model's block size, the start first.</param>
    public static ImmutableArray<AttentionMap> Of<P, C>(Model<P, C> model, P p, IReadOnlyList<int> ids)
    {
        var run = Lens.Run(model, p, Tensor.Of([.. ids], [1, ids.Count], Model.EngineOf(p)));
        return [.. run.Heads().Select(head => new AttentionMap(head.Layer, head.Head, ids.Count, [.. head.In(run).ToArray()]))];
    }
}
