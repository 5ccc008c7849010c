namespace Makemore;

/// <summary>The sizes of matrix products that were computed: so many of (rows, inner) · (inner, columns).</summary>
internal readonly record struct MatrixProduct(int Count, int Rows, int Inner, int Columns)
{
    /// <summary>The additions and multiplications in them.</summary>
    public double Flops => 2.0 * Count * Rows * Inner * Columns;
}

/// <summary>An engine that tells which matrix products it computes, for a benchmark to count them.</summary>
internal interface IWatchedProducts
{
    /// <summary>Called before each product, where it is given.</summary>
    Action<MatrixProduct>? ProductSeen { get; set; }
}
