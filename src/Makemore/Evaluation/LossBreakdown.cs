namespace Makemore;

/// <summary>Where the loss of a model comes from. Each list partitions all tokens, by increasing index.</summary>
/// <param name="ByPosition">By the position of the token in its word, from 0: index 0 is the first character.</param>
/// <param name="ByTarget">By the target token; 0 is the end of a word.</param>
/// <param name="ByLength">By the length of the word in tokens, without the stop.</param>
public sealed record LossBreakdown(
    IReadOnlyList<LossGroup> ByPosition, IReadOnlyList<LossGroup> ByTarget, IReadOnlyList<LossGroup> ByLength)
{
    /// <summary>The breakdown of the losses of words.</summary>
    public static LossBreakdown Of(IReadOnlyList<WordLoss> words) => new(
        Groups(words, (word, t) => word.Start + t), Groups(words, (word, t) => word.Targets[t]), Groups(words, (word, _) => word.Tokens - 1));

    /// <summary>A word counts once in each group in which it has tokens.</summary>
    private static LossGroup[] Groups(IReadOnlyList<WordLoss> words, Func<WordLoss, int, int> index) =>
    [
        .. words
            .SelectMany(word => Enumerable.Range(0, word.Tokens)
                .GroupBy(t => index(word, t), t => (double)word.Nats[t])
                .Select(group => (Index: group.Key, Nats: group.Sum(), Tokens: group.Count())))
            .GroupBy(part => part.Index, part => (part.Nats, part.Tokens))
            .OrderBy(group => group.Key)
            .Select(group => new LossGroup(group.Key, LossSummary.Of(group))),
    ];
}
