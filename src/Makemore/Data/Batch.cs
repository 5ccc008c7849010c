namespace Makemore;

/// <summary>A batch of words, laid out as in makemore.py.</summary>
/// <param name="X">The input: 0, then the word's tokens, then zeros; int32 (B, T).</param>
/// <param name="Y">The targets: the word's tokens, then 0, then −1, which losses ignore; int32 (B, T).</param>
public sealed record Batch(Tensor X, Tensor Y)
{
    /// <summary>Returns the buffers; the batch must not be read again.</summary>
    internal void Recycle()
    {
        X.Raw.Storage.Return();
        Y.Raw.Storage.Return();
    }
}
