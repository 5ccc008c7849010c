using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>Parts of a tensor.</summary>
public sealed partial class Tensor
{
    /// <summary>
    /// A part of the tensor, by a place or a range in each of its first dimensions; the others are whole. A place removes its
    /// dimension: <c>x[0]</c>, <c>x[^1]</c>, <c>x[.., 1..3]</c>.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such part.</exception>
    [IndexerName("Part")]
    public Tensor this[params ReadOnlySpan<TensorIndex> places]
    {
        get
        {
            if (places.Length > Shape.Rank)
                throw new ArgumentException($"Index: {Shape} has {Shape.Rank} dimensions, but {places.Length} places are given.");
            var (part, sizes) = (this, new List<int>());
            for (var axis = 0; axis < places.Length; axis++)
            {
                var (start, length) = places[axis].In(Shape, axis);
                part = part.Slice(axis, start, length);
                if (!places[axis].IsPlace)
                    sizes.Add(length);
            }
            return part.Reshape([.. sizes, .. Shape[places.Length..]]);
        }
    }

    /// <summary>The parts of the first dimension at ids (…): their shape replaces it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is not a place of the dimension.</exception>
    [IndexerName("Part")]
    public Tensor this[Tensor ids] => this.Take(0, ids);
}

/// <summary>A place or a range in one dimension of a tensor; an int, an <see cref="Index"/> or a <see cref="Range"/> converts to
/// it.</summary>
public readonly struct TensorIndex
{
    private readonly Range _range;
    private readonly int _place;

    private TensorIndex(Range range, int place, bool isPlace) => (_range, _place, IsPlace) = (range, place, isPlace);

    /// <summary>Whether it is a place, whose dimension is removed.</summary>
    public bool IsPlace { get; }

    /// <summary>A place, counted from 0.</summary>
    public static implicit operator TensorIndex(int place) => new(default, place, isPlace: true);

    /// <summary>A place; ^1 is the last.</summary>
    public static implicit operator TensorIndex(Index place) =>
        place.IsFromEnd ? new TensorIndex(place..place, 0, isPlace: true) : new(default, place.Value, isPlace: true);

    /// <summary>A range, without its end: 1..3 are places 1 and 2.</summary>
    public static implicit operator TensorIndex(Range range) => new(range, 0, isPlace: false);

    /// <summary>The first place and the number of places in a dimension of a shape.</summary>
    internal (int Start, int Length) In(Shape shape, int axis)
    {
        var isCounted = IsPlace && _range.Equals(default);
        var start = isCounted ? _place : Offset(_range.Start, shape[axis]);
        var end = IsPlace ? start + 1 : Offset(_range.End, shape[axis]);
        if (start < 0 || end < start || end > shape[axis])
        {
            var given = isCounted ? $"{_place}" : IsPlace ? $"{_range.Start}" : $"{_range}";
            var remedy = IsPlace && (_place < 0 || start == shape[axis]) ? "; ^1 is the last" : "";
            throw new ArgumentException($"Index: {given} is not in dimension {axis} of {shape}{remedy}.");
        }
        return (start, end - start);
    }

    private static int Offset(Index index, int length) => index.IsFromEnd ? length - index.Value : index.Value;
}
