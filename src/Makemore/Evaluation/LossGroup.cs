namespace Makemore;

/// <summary>The loss of some of the tokens of a set of words.</summary>
/// <param name="Index">Their common position, target or length.</param>
/// <param name="Loss">Their loss.</param>
public sealed record LossGroup(int Index, LossSummary Loss);
