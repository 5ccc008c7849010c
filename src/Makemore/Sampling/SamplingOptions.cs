namespace Makemore;

/// <summary>How the next token is drawn from a model's probabilities.</summary>
/// <param name="Temperature">Logits are divided by it before the softmax; 0 takes the likeliest token.</param>
/// <param name="TopK">Only this many of the likeliest tokens are drawn from; none is all.</param>
/// <param name="TopP">Only the likeliest tokens that together reach this probability are drawn from (nucleus sampling:
/// Holtzman et al. 2020); 1 is all.</param>
/// <param name="MaxLength">A word is cut after this many tokens.</param>
public sealed record SamplingOptions(float Temperature = 1, int? TopK = null, float TopP = 1, int MaxLength = 64);
