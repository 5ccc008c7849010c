using System.Runtime.InteropServices;
using TorchSharp;
using Torch = TorchSharp.torch.Tensor;

namespace Makemore;

/// <summary>The engine on libtorch: each raw operation is libtorch's own, on a CPU or a GPU.</summary>
/// <remarks>Every operation runs in a dispose scope of its own, so that nothing it makes on the way outlives it; its
/// result leaves the scope and is given back by the region that owns it. No operation records a graph: gradients are
/// the library's.</remarks>
public sealed partial class TorchEngine : IEngine, IMemoryStatistics
{
    private readonly torch.Device _device;

    private TorchEngine(torch.Device device) => _device = device;

    /// <summary>An engine on a device: cpu, cuda, cuda:N or mps.</summary>
    /// <param name="device">The device.</param>
    /// <param name="threads">The greatest number of threads on the CPU, for the whole process.</param>
    /// <exception cref="EngineException">There is no such device, or libtorch cannot be loaded.</exception>
    public static IEngine Open(string device, int threads)
    {
        var opened = TorchDevice.Open(device);
        torch.set_num_threads(threads);
        return new TorchEngine(opened);
    }

    /// <inheritdoc/>
    public string Name => $"torch on {_device}";

    /// <inheritdoc/>
    public long LiveBuffers => Torch.TotalCount;

    /// <inheritdoc/>
    public Raw FromFloats(ReadOnlySpan<float> values, Shape shape)
    {
        using var scope = torch.NewDisposeScope();
        var host = Run(() => torch.empty(Sizes(shape), torch.float32, torch.CPU).MoveToOuterDisposeScope());
        values.CopyTo(MemoryMarshal.Cast<byte, float>(host.bytes));
        return Run(() => Keep(host.to(_device), shape));
    }

    /// <inheritdoc/>
    public Raw FromInts(ReadOnlySpan<int> values, Shape shape)
    {
        using var scope = torch.NewDisposeScope();
        var host = Run(() => torch.empty(Sizes(shape), torch.int64, torch.CPU).MoveToOuterDisposeScope());
        var wide = MemoryMarshal.Cast<byte, long>(host.bytes);
        for (var i = 0; i < values.Length; i++)
            wide[i] = values[i];
        var bounds = Bounds.Of(values);
        return Run(() => Keep(host.to(_device), shape, bounds));
    }

    /// <inheritdoc/>
    public Raw Full(float value, Shape shape) =>
        Run(() => Keep(TorchArithmetic.Full(value, Sizes(shape), _device), shape));

    /// <inheritdoc/>
    public void Read(Raw x, Span<float> values)
    {
        using var scope = torch.NewDisposeScope();
        MemoryMarshal.Cast<byte, float>(OnHost(x).bytes).CopyTo(values);
    }

    /// <inheritdoc/>
    public void Read(Raw x, Span<int> values)
    {
        using var scope = torch.NewDisposeScope();
        var wide = MemoryMarshal.Cast<byte, long>(OnHost(x).bytes);
        for (var i = 0; i < wide.Length; i++)
            values[i] = (int)wide[i];
    }

    /// <inheritdoc/>
    public void Release(Storage storage) => ((TorchStorage)storage).End();

    /// <summary>Runs an operation in a scope of its own, and says what its faults mean.</summary>
    private static R Run<R>(Func<R> operation)
    {
        try
        {
            using var scope = torch.NewDisposeScope();
            var result = operation();
            // libtorch gets bare handles: until here the collector must not find the operands, which the operation holds.
            GC.KeepAlive(operation);
            return result;
        }
        catch (ExternalException fault)
        {
            throw TorchFaults.Of(fault);
        }
        catch (EntryPointNotFoundException fault)
        {
            throw TorchFaults.OfLoading(fault);
        }
    }

    /// <summary>The result of an operation, dense, out of the operation's scope.</summary>
    private Raw Keep(Torch result, Shape shape) =>
        new(new TorchStorage(this, Dense(result).DetachFromDisposeScope(), shape, Bounds.Unknown), shape);

    /// <summary>The integers that an operation makes.</summary>
    private Raw Keep(Torch result, Shape shape, Bounds bounds) =>
        new(new TorchStorage(this, Dense(result).DetachFromDisposeScope(), shape, bounds), shape, ElementType.Int32);

    /// <summary>The result of an operation that moves elements of another tensor, whose kind it has: never a view, because
    /// sums are made in place and must not be seen through another tensor.</summary>
    private Raw Copied(Torch view, Shape shape, Raw of, Bounds bounds)
    {
        var copy = view.is_contiguous() ? view.clone() : view.contiguous();
        return Moved(copy, shape, of, bounds);
    }

    /// <summary>As <see cref="Copied"/>, for what is not a view.</summary>
    private Raw Moved(Torch copy, Shape shape, Raw of, Bounds bounds) =>
        of.Type == ElementType.Float32 ? Keep(copy, shape) : Keep(copy, shape, bounds);

    private static Torch Dense(Torch x) => x.is_contiguous() ? x : x.contiguous();

    /// <summary>The tensor behind a raw one, in the shape of that.</summary>
    private static Torch At(Raw x) => Of(x) is var storage && storage.Shape == x.Shape
        ? storage.Tensor
        : storage.Tensor.view(Sizes(x.Shape));

    private static Torch OnHost(Raw x) => Run(() => At(x).cpu().MoveToOuterDisposeScope());

    private static TorchStorage Of(Raw x) => (TorchStorage)x.Storage;

    private static long[] Sizes(Shape shape)
    {
        var sizes = new long[shape.Rank];
        for (var i = 0; i < sizes.Length; i++)
            sizes[i] = shape[i];
        return sizes;
    }
}
