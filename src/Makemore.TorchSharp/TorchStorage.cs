using Torch = TorchSharp.torch.Tensor;

namespace Makemore;

/// <summary>The least and the greatest of some integers, as far as it is known without asking the device.</summary>
internal readonly record struct Bounds(int Low, int High)
{
    /// <summary>Of integers that nobody has looked at.</summary>
    public static Bounds Unknown { get; } = new(int.MinValue, int.MaxValue);

    /// <summary>Of integers at hand; of none, bounds that are inside all others.</summary>
    public static Bounds Of(ReadOnlySpan<int> values)
    {
        var (low, high) = (int.MaxValue, int.MinValue);
        foreach (var value in values)
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        return new(low, high);
    }

    /// <summary>Of both.</summary>
    public Bounds And(Bounds other) => new(Math.Min(Low, other.Low), Math.Max(High, other.High));

    /// <summary>Whether none is a certain number.</summary>
    public bool Exclude(int value) => value < Low || value > High;

    /// <summary>Whether all are in low … high.</summary>
    public bool AreIn(int low, int high) => Low >= low && High <= high;
}

/// <summary>A dense tensor of libtorch's, until it is given back or the collector finds that nobody holds it.</summary>
/// <param name="engine">The engine.</param>
/// <param name="tensor">The tensor, nobody else's. Numbers are float32; integers are int64, which all of libtorch's
/// operations take for places.</param>
/// <param name="shape">The shape that the tensor has there.</param>
/// <param name="bounds">What is known of integers.</param>
internal sealed class TorchStorage(IEngine engine, Torch tensor, Shape shape, Bounds bounds) : Storage(engine)
{
    private Pressure? _pressure;

    /// <summary>The tensor.</summary>
    public Torch Tensor => tensor;

    /// <summary>The tensor's own shape; that of a <see cref="Raw"/> may be another of the same size.</summary>
    public Shape Shape => shape;

    /// <summary>What is known of integers.</summary>
    public Bounds Bounds => bounds;

    /// <summary>Gives the memory back.</summary>
    public void End()
    {
        _pressure?.End();
        _pressure = null;
        tensor.Dispose();
    }

    /// <remarks>TorchSharp's tensor has a finalizer. What is missing is that the collector knows how much it would
    /// free.</remarks>
    protected override void LeaveToCollector() => _pressure ??= new(4L * Math.Max(1, shape.Size));

    /// <summary>Bytes outside the collector's sight that it should count, for as long as this object lives.</summary>
    private sealed class Pressure
    {
        private readonly long _bytes;

        public Pressure(long bytes)
        {
            _bytes = bytes;
            GC.AddMemoryPressure(bytes);
        }

        ~Pressure() => GC.RemoveMemoryPressure(_bytes);

#pragma warning disable CA1816 // This is not a disposal: the storage ends it.
        public void End()
        {
            GC.SuppressFinalize(this);
            GC.RemoveMemoryPressure(_bytes);
        }
#pragma warning restore CA1816
    }
}
