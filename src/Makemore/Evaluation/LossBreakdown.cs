namespace Makemore;

/// <summary>Where the loss of a model comes from. Each list shares out all tokens, by rising index.</summary>
/// <param name="ByPosition">By the place of the token in its word, from 0; the loss of 0 is that of the first
/// character.</param>
/// <param name="ByTarget">By the true token; 0 is the end of a word.</param>
/// <param name="ByLength">By the length of the word in tokens, its end not counted.</param>
public sealed record LossBreakdown(
    IReadOnlyList<LossGroup> ByPosition, IReadOnlyList<LossGroup> ByTarget, IReadOnlyList<LossGroup> ByLength)
{
    /// <summary>The breakdown of the losses of words.</summary>
    public static LossBreakdown Of(IReadOnlyList<WordLoss> words) => new(
        Groups(words, (word, t) => t), Groups(words, (word, t) => word.Targets[t]), Groups(words, (word, _) => word.Tokens - 1));

    /// <summary>A word counts once in each group that it has tokens in, with those tokens.</summary>
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
