using System.Collections;
using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>The sizes of a tensor's dimensions, outermost first; <c>[]</c> is the shape of a single number.</summary>
/// <remarks>Written as a collection: <c>Shape s = [B, T, C]</c>. All messages about shapes are written here.</remarks>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public sealed class Shape : IEquatable<Shape>, IReadOnlyList<int>
{
    private readonly int[] _sizes;

    private Shape(int[] sizes)
    {
        _sizes = sizes;
        var size = 1L;
        foreach (var length in sizes)
            size = Math.Min(size * length, 1L << 32);
        Size = size <= int.MaxValue - 64
            ? (int)size
            : throw new ArgumentException($"Shape: ({string.Join(", ", sizes)}) has more than 2,147,483,583 elements.");
    }

    /// <summary>The shape of a single number.</summary>
    public static Shape Scalar { get; } = new([]);

    /// <summary>The shape with these sizes.</summary>
    /// <exception cref="ArgumentException">A size is negative, or there are too many elements.</exception>
    public static Shape Create(ReadOnlySpan<int> sizes)
    {
        foreach (var size in sizes)
            if (size < 0)
                throw new ArgumentException($"Shape: a size is negative, ({string.Join(", ", sizes.ToArray())}).");
        return new(sizes.ToArray());
    }

    /// <summary>The number of elements: the product of the sizes.</summary>
    public int Size { get; }

    /// <summary>The number of dimensions.</summary>
    public int Rank => _sizes.Length;

    /// <summary>The number of dimensions.</summary>
    public int Count => _sizes.Length;

    /// <summary>The size of one dimension; <c>^1</c> is the innermost.</summary>
    public int this[int axis] => _sizes[axis];

    /// <summary>The sizes of consecutive dimensions.</summary>
    public Shape this[Range range] => new(_sizes[range]);

    /// <summary>The sizes.</summary>
    public ReadOnlySpan<int> Sizes => _sizes;

    /// <summary>This shape with one size replaced.</summary>
    public Shape With(int axis, int size)
    {
        var sizes = _sizes.AsSpan().ToArray();
        sizes[axis] = size;
        return new(sizes);
    }

    /// <summary>This shape without one dimension.</summary>
    public Shape Without(int axis) => [.. _sizes.AsSpan(0, axis), .. _sizes.AsSpan(axis + 1)];

    /// <summary>This shape with a dimension inserted.</summary>
    public Shape Insert(int axis, int size) => [.. _sizes.AsSpan(0, axis), size, .. _sizes.AsSpan(axis)];

    /// <summary>The number of elements before, in and after a dimension.</summary>
    public (int Outer, int Length, int Inner) Around(int axis)
    {
        var (outer, inner) = (1, 1);
        for (var i = 0; i < axis; i++)
            outer *= _sizes[i];
        for (var i = axis + 1; i < Rank; i++)
            inner *= _sizes[i];
        return (outer, _sizes[axis], inner);
    }

    /// <summary>The index of a dimension from the front; a negative index counts from the back (−1 is the innermost).</summary>
    /// <exception cref="ArgumentException">There is no such dimension.</exception>
    public int Axis(string operation, int axis) =>
        axis >= -Rank && axis < Rank
            ? (axis + Rank) % Rank
            : throw new ArgumentException($"{operation}: {this} has no dimension {axis}.");

    /// <summary>The shape that two shapes broadcast to by NumPy's rule: aligned at the innermost dimension, sizes are equal
    /// or one of them is 1.</summary>
    /// <exception cref="ArgumentException">They do not broadcast.</exception>
    public static Shape Broadcast(string operation, Shape a, Shape b)
    {
        if (a.Equals(b))
            return a;
        var sizes = new int[Math.Max(a.Rank, b.Rank)];
        for (var i = 1; i <= sizes.Length; i++)
        {
            var (x, y) = (i <= a.Rank ? a[^i] : 1, i <= b.Rank ? b[^i] : 1);
            if (x != y && x != 1 && y != 1)
                throw new ArgumentException($"{operation}: shapes do not broadcast, {a} and {b}.");
            sizes[^i] = x == 1 ? y : x;
        }
        return new(sizes);
    }

    /// <summary>The shape of a matrix product; batch dimensions broadcast.</summary>
    /// <exception cref="ArgumentException">A matrix has fewer than two dimensions, or the inner sizes differ.</exception>
    public static Shape MatMul(string operation, Shape a, Shape b, bool transposeA = false, bool transposeB = false)
    {
        if (a.Rank < 2 || b.Rank < 2)
            throw new ArgumentException($"{operation}: both operands need two dimensions or more, {a} · {b}.");
        var (m, k) = transposeA ? (a[^1], a[^2]) : (a[^2], a[^1]);
        var (inner, n) = transposeB ? (b[^1], b[^2]) : (b[^2], b[^1]);
        if (k != inner)
        {
            var marks = (transposeA ? "ᵀ" : "", transposeB ? "ᵀ" : "");
            throw new ArgumentException($"{operation}: inner sizes differ, {a}{marks.Item1} · {b}{marks.Item2}.");
        }
        return [.. Broadcast(operation, a[..^2], b[..^2]), m, n];
    }

    /// <summary>A shape of the same size; one size may be −1 and is inferred.</summary>
    /// <exception cref="ArgumentException">The number of elements would change.</exception>
    public Shape Reshape(ReadOnlySpan<int> sizes)
    {
        var known = 1L;
        foreach (var size in sizes)
            known *= size == -1 ? 1 : size;
        var filled = sizes.ToArray();
        var open = Array.IndexOf(filled, -1);
        if (open >= 0 && known > 0)
            filled[open] = (int)(Size / known);
        var whole = filled.Aggregate(1L, (product, size) => product * size);
        return whole == Size && filled.All(size => size >= 0)
            ? new(filled)
            : throw new ArgumentException(
                $"Reshape: {this} has {Size} elements, ({string.Join(", ", sizes.ToArray())}) does not.");
    }

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && _sizes.AsSpan().SequenceEqual(other._sizes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode() => _sizes.Aggregate(_sizes.Length, HashCode.Combine);

    /// <summary>Whether two shapes have the same sizes.</summary>
    public static bool operator ==(Shape? a, Shape? b) => a is null ? b is null : a.Equals(b);

    /// <summary>Whether two shapes differ.</summary>
    public static bool operator !=(Shape? a, Shape? b) => !(a == b);

    /// <summary>The sizes in parentheses, as <c>(32, 16, 64)</c>.</summary>
    public override string ToString() => $"({string.Join(", ", _sizes)})";

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)_sizes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _sizes.GetEnumerator();
}
