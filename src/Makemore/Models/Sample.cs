namespace Makemore;

/// <summary>A word sampled from a model.</summary>
/// <param name="Tokens">The word's tokens, prompt included, without start and stop.</param>
/// <param name="IsFinished">Whether the model ended the word itself; otherwise it was cut.</param>
public sealed record Sample(IReadOnlyList<int> Tokens, bool IsFinished)
{
    /// <summary>The tokens, with the stop after them unless the word was cut.</summary>
    public int[] WithStop() => IsFinished ? [.. Tokens, Vocabulary.Stop] : [.. Tokens];
}
