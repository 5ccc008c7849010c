namespace Makemore;

internal sealed unsafe partial class ManagedEngine<V>
{
    // The bits of 1f: a mask is float32.
    private const int True = 0x3F800000;

    public Raw Integers(IntegerOperation operation, Raw x, Raw y, Shape shape)
    {
        var isMask = operation is IntegerOperation.Equal or IntegerOperation.Greater;
        Raw a = Broadcast(x, shape), b = Broadcast(y, shape);
        if (operation is IntegerOperation.Divide or IntegerOperation.Remainder && IntSpan(b).Contains(0))
            throw new DivideByZeroException($"{operation}: a divisor is 0.");
        var result = Allocate(shape, isMask ? ElementType.Float32 : ElementType.Int32);
        int* left = Ints(a), right = Ints(b), into = Ints(result);
        ParallelFor(a, shape.Size, 16, shape.Size, (from, to) =>
        {
            for (var i = from; i < to; i++)
                into[i] = Of(operation, left[i], right[i]);
        });
        return Finish(result, a, a, b);
    }

    public Raw Convert(Raw x, ElementType type)
    {
        var result = Allocate(x.Shape, type);
        if (type == x.Type)
            Copy(At(x), At(result), x.Shape.Size);
        else if (type == ElementType.Int32)
            ParallelFor(x, x.Shape.Size, 16, x.Shape.Size, (from, to) =>
            {
                for (var i = from; i < to; i++)
                    Ints(result)[i] = (int)At(x)[i];
            });
        else
            ParallelFor(x, x.Shape.Size, 16, x.Shape.Size, (from, to) =>
            {
                for (var i = from; i < to; i++)
                    At(result)[i] = Ints(x)[i];
            });
        return Finish(result, x);
    }

    private static ReadOnlySpan<int> IntSpan(Raw x) => new(Ints(x), x.Shape.Size);

    /// <remarks>A divisor of −1 is apart, because the processor faults on the quotient of the least integer.</remarks>
    private static int Of(IntegerOperation operation, int a, int b) => operation switch
    {
        IntegerOperation.Add => unchecked(a + b),
        IntegerOperation.Subtract => unchecked(a - b),
        IntegerOperation.Multiply => unchecked(a * b),
        IntegerOperation.Divide => b == -1 ? unchecked(-a) : a / b,
        IntegerOperation.Remainder => b == -1 ? 0 : a % b,
        IntegerOperation.Minimum => Math.Min(a, b),
        IntegerOperation.Maximum => Math.Max(a, b),
        IntegerOperation.Equal => a == b ? True : 0,
        IntegerOperation.Greater => a > b ? True : 0,
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };
}
