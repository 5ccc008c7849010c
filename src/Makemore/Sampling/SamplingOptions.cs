namespace Makemore;

/// <summary>Options for drawing tokens from a model's probabilities.</summary>
/// <param name="Temperature">Divides the logits before the softmax; 0 always takes the most likely token.</param>
/// <param name="TopK">Draw only from the k most likely tokens; null for all.</param>
/// <param name="TopP">Draw only from the most likely tokens whose total probability reaches p (nucleus sampling: Holtzman et al.
/// 2020); 1 for all.</param>
/// <param name="MaxLength">The number of tokens after which a word is cut.</param>
public sealed record SamplingOptions(float Temperature = 1, int? TopK = null, float TopP = 1, int MaxLength = 64);
