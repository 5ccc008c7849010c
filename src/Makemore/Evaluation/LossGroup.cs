namespace Makemore;

/// <summary>The loss of some of the tokens of a set of words.</summary>
/// <param name="Index">What they have in common: a position, a token, a length.</param>
/// <param name="Loss">Their loss; its standard error is by formula over words.</param>
public sealed record LossGroup(int Index, LossSummary Loss);
