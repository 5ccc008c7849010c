using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>Options for drawing tokens from a model's probabilities.</summary>
/// <param name="Temperature">Divides the logits before the softmax; 0 always takes the most likely token.</param>
/// <param name="TopK">Draw only from the k most likely tokens; null for all.</param>
/// <param name="TopP">Draw only from the most likely tokens whose total probability reaches p (nucleus sampling: Holtzman et al.
/// 2020); 1 for all.</param>
/// <param name="MaxLength">The number of tokens after which a word is cut.</param>
/// <exception cref="ArgumentOutOfRangeException">The temperature is negative or NaN, k or the length less than 1, or p not in 0 … 1.</exception>
public sealed record SamplingOptions(float Temperature = 1, int? TopK = null, float TopP = 1, int MaxLength = 64)
{
    /// <summary>Divides the logits before the softmax.</summary>
    public float Temperature { get; init; } = Require(Temperature >= 0, Temperature);

    /// <summary>Draw only from the k most likely tokens.</summary>
    public int? TopK { get; init; } = Require(TopK is null or > 0, TopK);

    /// <summary>Draw only from the most likely tokens whose total probability reaches p.</summary>
    public float TopP { get; init; } = Require(TopP is >= 0 and <= 1, TopP);

    /// <summary>The number of tokens after which a word is cut.</summary>
    public int MaxLength { get; init; } = Require(MaxLength > 0, MaxLength);

    private static T Require<T>(bool isValid, T value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        isValid ? value : throw new ArgumentOutOfRangeException(name, value, null);
}
