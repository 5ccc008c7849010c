namespace Makemore;

/// <summary>Constant tensors of 0 and 1.</summary>
public static class Masks
{
    /// <summary>(T, T): row t is 1 up to column t, and 0 in its future.</summary>
    public static Tensor Past(int length) => Tensor.Ones([length, length]).LowerTriangle();
}
