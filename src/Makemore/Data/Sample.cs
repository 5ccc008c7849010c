namespace Makemore;

/// <summary>What was sampled.</summary>
/// <param name="Tokens">The word's tokens, prompt included, without start and stop.</param>
/// <param name="IsFinished">Whether the model stopped by itself; else the word was cut.</param>
public sealed record Sample(IReadOnlyList<int> Tokens, bool IsFinished)
{
    /// <summary>Tokens side by side; a copy where they are not kept so.</summary>
    internal static ReadOnlySpan<int> SpanOf(IReadOnlyList<int> tokens) => tokens as int[] ?? [.. tokens];
}
