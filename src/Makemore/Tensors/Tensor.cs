using System.Buffers;
using System.Globalization;

namespace Makemore;

/// <summary>
/// An immutable array of float32 numbers, or of int32 tokens, with a <see cref="Shape"/>. Operators broadcast as NumPy's
/// do; the operations are in <see cref="Primitives"/>.
/// </summary>
/// <remarks>
/// A tensor is a class and no record because its identity is its place in the graph of the computation. It belongs to
/// a <see cref="Region"/>; reading it after that has closed throws.
/// </remarks>
public sealed class Tensor
{
    private readonly Raw _raw;
    private readonly int _lease;

    internal Tensor(Raw raw, Region region, Node? node = null)
    {
        (_raw, _lease, Region, Node) = (raw, raw.Storage.Lease, region, node);
        if (node is null)
            return;
        TapeIndex = region.Tape.Count;
        region.Tape.Add(this);
    }

    /// <summary>A tensor of numbers in row-major order, on the managed engine where no other is given.</summary>
    /// <exception cref="ArgumentException">The shape holds another number of elements.</exception>
    public static Tensor Of(ReadOnlySpan<float> values, Shape shape, IEngine? engine = null)
    {
        Require(values.Length, shape);
        return Constant((engine ?? ManagedEngine.Default).FromFloats(values, shape));
    }

    /// <summary>A tensor of integers in row-major order, on the managed engine where no other is given.</summary>
    /// <exception cref="ArgumentException">The shape holds another number of elements.</exception>
    public static Tensor Of(ReadOnlySpan<int> values, Shape shape, IEngine? engine = null)
    {
        Require(values.Length, shape);
        return Constant((engine ?? ManagedEngine.Default).FromInts(values, shape));
    }

    /// <summary>One number everywhere.</summary>
    public static Tensor Full(float value, Shape shape, IEngine? engine = null) =>
        Constant((engine ?? ManagedEngine.Default).Full(value, shape));

    /// <summary>0 everywhere.</summary>
    public static Tensor Zeros(Shape shape, IEngine? engine = null) => Full(0, shape, engine);

    /// <summary>1 everywhere.</summary>
    public static Tensor Ones(Shape shape, IEngine? engine = null) => Full(1, shape, engine);

    /// <summary>The sizes of the dimensions.</summary>
    public Shape Shape => _raw.Shape;

    /// <summary>The kind of the elements.</summary>
    public ElementType Type => _raw.Type;

    /// <summary>The engine that holds the elements and computes with them.</summary>
    public IEngine Engine => _raw.Storage.Engine;

    /// <summary>The region that the tensor lives in.</summary>
    public Region Region { get; }

    /// <summary>Whether a gradient is being traced through this tensor.</summary>
    public bool IsTraced => Node is not null;

    internal Node? Node { get; }

    internal int TapeIndex { get; } = -1;

    /// <summary>Where the elements were looked up, for those who can make more of that than of the elements.</summary>
    internal Lookup? Lookup { get; init; }

    /// <summary>The engine's view of the tensor.</summary>
    /// <exception cref="ObjectDisposedException">The region has closed, or the memory was recycled.</exception>
    internal Raw Raw => IsStale ? throw Stale() : _raw;

    private bool IsStale => _lease != _raw.Storage.Lease || Region.IsClosed;

    /// <summary>The numbers, in row-major order.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds integers.</exception>
    public float[] ToArray()
    {
        var values = new float[Expect("ToArray", ElementType.Float32).Shape.Size];
        Engine.Read(_raw, values);
        return values;
    }

    /// <summary>Reads the numbers, in row-major order, in memory that is lent for as long as that takes, and may be written
    /// to.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds integers.</exception>
    internal void Read(Action<Span<float>> read) => Lend("Read", ElementType.Float32, Engine.Read, read);

    /// <summary>Reads the integers as <see cref="Read"/> does numbers.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds numbers.</exception>
    internal void ReadInts(Action<Span<int>> read) => Lend("ReadInts", ElementType.Int32, Engine.Read, read);

    private void Lend<T>(string operation, ElementType type, Action<Raw, Span<T>> fill, Action<Span<T>> read)
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

    /// <summary>The number that the tensor consists of.</summary>
    /// <exception cref="InvalidOperationException">There is more than one, or none.</exception>
    public float Item() => Shape.Size == 1
        ? ToArray()[0]
        : throw new InvalidOperationException($"Item: {Shape} holds {Shape.Size} elements, not one.");

    /// <summary>The same values without their history: no gradient flows through them.</summary>
    public Tensor Detach() => IsTraced ? new(Raw, Region) : this;

    /// <summary>The same values as seen from inside a region: what is computed from them belongs to it.</summary>
    public Tensor In(Region region) => new(Raw, region);

    /// <summary>The same values in the region around, where they outlive this one's region; without history. What
    /// lives there or further out already stays there.</summary>
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

    /// <summary>Elementwise sum.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => Primitives.Add(a, b);

    /// <summary>Elementwise difference.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => Primitives.Subtract(a, b);

    /// <summary>Elementwise product.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => Primitives.Multiply(a, b);

    /// <summary>Elementwise quotient.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => Primitives.Divide(a, b);

    /// <summary>A number added to every element.</summary>
    public static Tensor operator +(Tensor a, float b) => Primitives.Affine(a, 1, b);

    /// <summary>A number added to every element.</summary>
    public static Tensor operator +(float a, Tensor b) => Primitives.Affine(b, 1, a);

    /// <summary>A number subtracted from every element.</summary>
    public static Tensor operator -(Tensor a, float b) => Primitives.Affine(a, 1, -b);

    /// <summary>Every element subtracted from a number.</summary>
    public static Tensor operator -(float a, Tensor b) => Primitives.Affine(b, -1, a);

    /// <summary>Every element times a number.</summary>
    public static Tensor operator *(Tensor a, float b) => Primitives.Affine(a, b, 0);

    /// <summary>Every element times a number.</summary>
    public static Tensor operator *(float a, Tensor b) => Primitives.Affine(b, a, 0);

    /// <summary>Every element times the reciprocal of a number.</summary>
    public static Tensor operator /(Tensor a, float b) => Primitives.Affine(a, 1 / b, 0);

    /// <summary>Every element negated.</summary>
    public static Tensor operator -(Tensor a) => Primitives.Affine(a, -1, 0);

    /// <summary>The shape and the first few elements, for a person.</summary>
    public override string ToString()
    {
        if (IsStale)
            return $"Tensor {Shape}, memory given back";
        var elements = Type == ElementType.Float32
            ? ToArray().Take(8).Select(x => x.ToString("0.####", CultureInfo.InvariantCulture))
            : ToInts().Take(8).Select(x => x.ToString(CultureInfo.InvariantCulture));
        return $"Tensor {Shape} [{string.Join(", ", elements)}{(Shape.Size > 8 ? ", …" : "")}]";
    }

    /// <summary>The engine's view, after a check of the kind of element.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds elements of the other kind.</exception>
    internal Raw Expect(string operation, ElementType type) => Type == type
        ? Raw
        : throw new InvalidOperationException($"{operation}: expects {type}, but {Shape} holds {Type}.");

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
        ? "Its region has closed. Return it from the computation, or Escape it, to keep it."
        : "Its memory was recycled: a training state is good until the second one after it is asked for, a batch read ahead "
          + "until the next one is. To hold on to a state call Keep() on it, and take a batch from Batches.At.");
}
