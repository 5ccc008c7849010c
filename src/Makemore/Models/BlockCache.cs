namespace Makemore;

/// <summary>What Step keeps of a block that it reads token by token.</summary>
/// <param name="Ids">(B, T), the tokens read so far.</param>
/// <param name="Cache">What the model computed for them.</param>
public sealed record BlockCache<C>(Tensor Ids, C Cache);
