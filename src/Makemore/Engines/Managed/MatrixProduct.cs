namespace Makemore;

/// <summary>The sizes of a batch of <paramref name="Count"/> matrix products (rows, inner) · (inner, columns).</summary>
internal readonly record struct MatrixProduct(int Count, int Rows, int Inner, int Columns)
{
    /// <summary>The number of floating-point operations.</summary>
    public double Flops => 2.0 * Count * Rows * Inner * Columns;
}

/// <summary>An engine that reports the matrix products that it computes, for benchmarks.</summary>
internal interface IObservableProducts
{
    /// <summary>Called before each batch of products.</summary>
    Action<MatrixProduct>? ProductObserver { get; set; }
}
