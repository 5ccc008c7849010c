using System.Buffers;
using System.Globalization;

namespace Makemore;

/// <summary>
/// An immutable array of float32 numbers or int32 integers with a <see cref="Shape"/>. Operators broadcast as in NumPy;
/// operations are in <see cref="Primitives"/>.
/// </summary>
/// <remarks>
/// Element types combine as in C#: two integers give an integer, so / drops the fraction and % has the sign of the dividend;
/// if one operand is float32, the other is converted to it. Comparisons give float32 masks of 0 and 1. No gradient flows through
/// integers.
/// <para/>
/// A tensor is a class, not a record, because its identity is its node in the graph of the computation. It belongs to a
/// <see cref="Region"/>; reading it after the region is closed throws.
/// </remarks>
public sealed partial class Tensor
{
    private readonly Raw _raw;
    private readonly int _generation;

    internal Tensor(Raw raw, Region region, Node? node = null)
    {
        (_raw, _generation, Region, Node) = (raw, raw.Storage.Generation, region, node);
        if (node is null)
            return;
        TapeIndex = region.Tape.Count;
        region.Tape.Add(this);
    }

    /// <summary>A tensor of numbers in row-major order, by default on the managed engine.</summary>
    /// <exception cref="ArgumentException">The shape has a different number of elements.</exception>
    public static Tensor Of(ReadOnlySpan<float> values, Shape shape, IEngine? engine = null)
    {
        Require(values.Length, shape);
        return Constant((engine ?? ManagedEngine.Default).FromFloats(values, shape));
    }

    /// <summary>A tensor of integers in row-major order, by default on the managed engine.</summary>
    /// <exception cref="ArgumentException">The shape has a different number of elements.</exception>
    public static Tensor Of(ReadOnlySpan<int> values, Shape shape, IEngine? engine = null)
    {
        Require(values.Length, shape);
        return Constant((engine ?? ManagedEngine.Default).FromInts(values, shape));
    }

    /// <summary>A tensor filled with a number.</summary>
    public static Tensor Full(float value, Shape shape, IEngine? engine = null) =>
        Constant((engine ?? ManagedEngine.Default).Full(value, shape));

    /// <summary>A tensor filled with 0.</summary>
    public static Tensor Zeros(Shape shape, IEngine? engine = null) => Full(0, shape, engine);

    /// <summary>A tensor filled with 1.</summary>
    public static Tensor Ones(Shape shape, IEngine? engine = null) => Full(1, shape, engine);

    /// <summary>The sizes of the dimensions.</summary>
    public Shape Shape => _raw.Shape;

    /// <summary>The element type.</summary>
    public ElementType Type => _raw.Type;

    /// <summary>The engine that holds the elements and computes with them.</summary>
    public IEngine Engine => _raw.Storage.Engine;

    /// <summary>The region that the tensor belongs to.</summary>
    public Region Region { get; }

    /// <summary>Whether a gradient is traced through this tensor.</summary>
    public bool IsTraced => Node is not null;

    internal Node? Node { get; }

    internal int TapeIndex { get; } = -1;

    /// <summary>The lookup that the elements are the result of, if any, for operations that can be fused with it.</summary>
    internal Lookup? Lookup { get; init; }

    /// <summary>The engine's view of the tensor.</summary>
    /// <exception cref="ObjectDisposedException">The region is closed, or the buffer was recycled.</exception>
    internal Raw Raw => IsStale ? throw Stale() : _raw;

    private bool IsStale => _generation != _raw.Storage.Generation || Region.IsClosed;

    /// <summary>The numbers, in row-major order.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds integers.</exception>
    public float[] ToArray()
    {
        var values = new float[Expect("ToArray", ElementType.Float32).Shape.Size];
        Engine.Read(_raw, values);
        return values;
    }

    /// <summary>Reads the numbers in row-major order. The span is valid, and may be written to, until the callback
    /// returns.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds integers.</exception>
    internal void Read(Action<Span<float>> read) => ReadRented("Read", ElementType.Float32, Engine.Read, read);

    /// <summary>Reads the integers; see <see cref="Read"/>.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds numbers.</exception>
    internal void ReadInts(Action<Span<int>> read) => ReadRented("ReadInts", ElementType.Int32, Engine.Read, read);

    private void ReadRented<T>(string operation, ElementType type, Action<Raw, Span<T>> fill, Action<Span<T>> read)
    {
        var size = Expect(operation, type).Shape.Size;
        var rented = ArrayPool<T>.Shared.Rent(size);
        try
        {
            fill(_raw, rented.AsSpan(0, size));
            read(rented.AsSpan(0, size));
        }
        finally
        {
            ArrayPool<T>.Shared.Return(rented);
        }
    }

    /// <summary>The integers, in row-major order.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds numbers.</exception>
    public int[] ToInts()
    {
        var values = new int[Expect("ToInts", ElementType.Int32).Shape.Size];
        Engine.Read(_raw, values);
        return values;
    }

    /// <summary>The number in a tensor of one element.</summary>
    /// <exception cref="InvalidOperationException">The tensor does not have exactly one element.</exception>
    public float Item() => Shape.Size == 1
        ? ToArray()[0]
        : throw new InvalidOperationException($"Item: {Shape} holds {Shape.Size} elements, not one.");

    /// <summary>The same values without their graph: no gradient flows through them.</summary>
    public Tensor Detach() => IsTraced ? new(Raw, Region) : this;

    /// <summary>The same values lifted into a region: results computed from them belong to it.</summary>
    public Tensor In(Region region) => new(Raw, region);

    /// <summary>The same values, without their graph, moved out to an enclosing region. A buffer that belongs to that region or
    /// to one around it stays there.</summary>
    public Tensor Escape(Region region)
    {
        if (Raw.Storage.Owner is Region owner && owner.Depth > region.Depth)
            region.Own(_raw.Storage);
        return new(_raw, region);
    }

    /// <summary>The same values on another engine.</summary>
    public Tensor To(IEngine engine) => ReferenceEquals(engine, Engine)
        ? this
        : Type == ElementType.Float32 ? Of(ToArray(), Shape, engine) : Of(ToInts(), Shape, engine);

    /// <summary>The same values as another element type; between types no gradient flows. A number becomes an integer by dropping
    /// its fraction: 1.9 and −1.9 become 1 and −1, NaN becomes 0, and what is out of range the nearest integer.</summary>
    public Tensor To(ElementType type) => type == Type ? this : Primitives.Flat(Region, Engine.Convert(Raw, type));

    /// <summary>The shape and the first elements.</summary>
    public override string ToString()
    {
        if (IsStale)
            return $"Tensor {Shape}, buffer returned";
        var elements = Type == ElementType.Float32
            ? ToArray().Take(8).Select(x => x.ToString("0.####", CultureInfo.InvariantCulture))
            : ToInts().Take(8).Select(x => x.ToString(CultureInfo.InvariantCulture));
        return $"Tensor {Shape} [{string.Join(", ", elements)}{(Shape.Size > 8 ? ", …" : "")}]";
    }

    /// <summary>The engine's view, after a check of the element type.</summary>
    /// <exception cref="InvalidOperationException">The tensor has the other element type.</exception>
    internal Raw Expect(string operation, ElementType type) => Type == type
        ? Raw
        : throw new InvalidOperationException(
            $"{operation}: expects {type}, but {Shape} holds {Type}; convert it with To(ElementType.{type}).");

    internal static Tensor Constant(Raw raw)
    {
        Region.Root.Own(raw.Storage);
        return new(raw, Region.Root);
    }

    private static void Require(int count, Shape shape)
    {
        if (count != shape.Size)
            throw new ArgumentException($"Tensor.Of: {count} values do not fill {shape}, which holds {shape.Size}.");
    }

    private ObjectDisposedException Stale() => new($"Tensor {Shape}", Region.IsClosed
        ? "Its region is closed. To keep it, return it from the computation or Escape it."
        : "Its buffer was recycled: a training state is valid until the second next state is requested, a prefetched batch until "
          + "the next batch is. To keep a state, call Keep() on it; to keep a batch, take it from Batches.At.");
}
