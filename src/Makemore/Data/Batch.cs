namespace Makemore;

/// <summary>Some words side by side, as makemore.py lays them out.</summary>
/// <param name="X">What the model sees: 0, then the word's tokens, then zeros; int32 (B, T).</param>
/// <param name="Y">What it is to predict: the word's tokens, then 0, then −1, which no loss counts; int32
/// (B, T).</param>
public sealed record Batch(Tensor X, Tensor Y)
{
    /// <summary>Gives the memory back: nobody reads the batch any more.</summary>
    internal void Recycle()
    {
        X.Raw.Storage.Return();
        Y.Raw.Storage.Return();
    }
}
