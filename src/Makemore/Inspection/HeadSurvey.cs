using System.Collections.Immutable;

namespace Makemore;

/// <summary>The tokens that a change of the loss is measured on.</summary>
public enum TokenGroup
{
    /// <summary>All.</summary>
    All,

    /// <summary>Those that repeat the token before, such as the second letter of <c>mm</c>.</summary>
    Doubled,

    /// <summary>The ends of words.</summary>
    Ends,
}

/// <summary>What a head does on average over some words.</summary>
/// <param name="Head">The head.</param>
/// <param name="Back">The mean of its weights for the position itself, the one before it, and the one before that.</param>
/// <param name="Start">The mean of its weights for the first position. All of these means are over the positions from the fourth
/// on.</param>
/// <param name="Changes">By how much the loss rises without it, in nats per token of each <see cref="TokenGroup"/>; NaN for a group
/// without tokens.</param>
/// <param name="Token">The token whose loss rises most without it, of those that occur often enough.</param>
/// <param name="TokenChange">By how much, in nats.</param>
public sealed record HeadEffect(
    AttentionHead Head, ImmutableArray<double> Back, double Start, ImmutableArray<double> Changes, int Token, double TokenChange);

/// <summary>What each attention head of a model does: where it looks, and which tokens are harder to predict without it.</summary>
public static class HeadSurvey
{
    private const int FirstPosition = 3, MinTokens = 20;

    /// <summary>The effects of all heads, each replaced by zeros in turn; empty if the model has no attention.</summary>
    /// <param name="model">The model.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="words">The words.</param>
    public static ImmutableArray<HeadEffect> Of<P, C>(Model<P, C> model, P p, IEnumerable<Batch> words)
    {
        Batch[] batches = [.. words.SelectMany(whole => whole.Parts())];
        AttentionHead[] heads = batches.Length == 0 ? [] : [.. Lens.Run(model, p, batches[0].X).Heads().Where(head => head.Output is not null)];
        if (heads.Length == 0)
            return [];
        var tokens = batches.SelectMany(batch => TargetsOf(batch)).ToArray();
        var before = Nats(model, p, batches);
        return
        [
            .. heads.Zip(Attention(model, p, batches, heads), (head, looks) =>
            {
                var after = Nats(Lens.With(model, head.Ablation), p, batches);
                var changes = after.Zip(before, (without, with) => without - with).ToArray();
                var (token, change) = Hardest(tokens, changes);
                return new HeadEffect(
                    head, [.. looks[..FirstPosition]], looks[FirstPosition],
                    [.. Enum.GetValues<TokenGroup>().Select(group => Mean(tokens, changes, target => target.IsIn(group)))], token, change);
            }),
        ];
    }

    /// <summary>The mean weights of each head: for the position itself, those before it, and the first one.</summary>
    private static double[][] Attention<P, C>(Model<P, C> model, P p, IReadOnlyList<Batch> batches, AttentionHead[] heads)
    {
        var (sums, count) = (heads.Select(_ => new double[FirstPosition + 1]).ToArray(), 0);
        foreach (var batch in batches)
        {
            var (run, targets, length) = (Lens.Run(model, p, batch.X), batch.Y.ToInts(), batch.Y.Shape[1]);
            int[] live = [.. Enumerable.Range(0, targets.Length).Where(i => targets[i] >= 0 && i % length >= FirstPosition)];
            count += live.Length;
            foreach (var (head, sum) in heads.Zip(sums))
            {
                var weights = head.In(run).ToArray();
                foreach (var i in live)
                {
                    for (var back = 0; back < FirstPosition; back++)
                        sum[back] += weights[(i * length) + (i % length) - back];
                    sum[FirstPosition] += weights[i * length];
                }
            }
        }
        return [.. sums.Select(sum => Array.ConvertAll(sum, total => total / count))];
    }

    private static double[] Nats<P, C>(Model<P, C> model, P p, IReadOnlyList<Batch> batches) =>
    [
        .. batches.SelectMany(batch =>
        {
            var (targets, logits) = (batch.Y.ToInts(), model.Forward(p, batch.X));
            var (rows, size) = (Primitives.LogSoftmax(logits).ToArray(), logits.Shape[^1]);
            return Enumerable.Range(0, targets.Length).Where(i => targets[i] >= 0).Select(i => -(double)rows[(i * size) + targets[i]]);
        }),
    ];

    private static IEnumerable<Target> TargetsOf(Batch batch) =>
        batch.X.ToInts().Zip(batch.Y.ToInts(), (last, next) => new Target(last, next)).Where(target => target.Next >= 0);

    private static double Mean(Target[] tokens, double[] changes, Func<Target, bool> isIn) =>
        changes.Where((_, i) => isIn(tokens[i])).DefaultIfEmpty(double.NaN).Average();

    private static (int Token, double Change) Hardest(Target[] tokens, double[] changes) => (
        from i in Enumerable.Range(0, tokens.Length)
        group changes[i] by tokens[i].Next into same
        where same.Count() >= Math.Min(MinTokens, tokens.Length)
        select (same.Key, same.Average())).DefaultIfEmpty((0, double.NaN)).MaxBy(pair => pair.Item2);

    private readonly record struct Target(int Last, int Next)
    {
        public bool IsIn(TokenGroup group) => group switch
        {
            TokenGroup.Doubled => Next == Last && Next != Vocabulary.Stop,
            TokenGroup.Ends => Next == Vocabulary.Stop,
            _ => true,
        };
    }
}
