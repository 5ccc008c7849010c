using TorchSharp;
using Torch = TorchSharp.torch.Tensor;

namespace Makemore;

public sealed partial class TorchEngine
{
    /// <remarks>Integers are wide here, so sums and products are narrowed for overflow to wrap around.</remarks>
    /// <inheritdoc/>
    public Raw Integers(IntegerOperation operation, Raw x, Raw y, Shape shape)
    {
        if (operation is IntegerOperation.Divide or IntegerOperation.Remainder)
            RequireDivisors(operation, y);
        return Run(() =>
        {
            var (a, b) = (At(x), At(y));
            return operation switch
            {
                IntegerOperation.Equal => Keep(a.eq(b).to(torch.float32), shape),
                IntegerOperation.Greater => Keep(a.gt(b).to(torch.float32), shape),
                _ => Keep(Combined(operation, a, b).to(torch.int32).to(torch.int64), shape, Bounds.Unknown),
            };
        });
    }

    /// <inheritdoc/>
    public Raw Convert(Raw x, ElementType type) => Run(() =>
        type == x.Type ? Copied(At(x), x.Shape, x, Of(x).Bounds)
        : type == ElementType.Float32 ? Keep(At(x).to(torch.float32), x.Shape)
        : Keep(At(x).to(torch.float64).nan_to_num(0).Within(int.MinValue, int.MaxValue).to(torch.int64), x.Shape, Bounds.Unknown));

    /// <inheritdoc/>
    public Raw Remainder(Raw x, Raw y, Shape shape) => Run(() => Keep(At(x).fmod(At(y)), shape));

    /// <inheritdoc/>
    public Raw Minimum(Raw x, Raw y, Shape shape) => Run(() => Keep(At(x).minimum(At(y)), shape));

    /// <inheritdoc/>
    public Raw Maximum(Raw x, Raw y, Shape shape) => Run(() => Keep(At(x).maximum(At(y)), shape));

    /// <inheritdoc/>
    public Raw Abs(Raw x) => Run(() => Keep(At(x).abs(), x.Shape));

    /// <inheritdoc/>
    public Raw Sign(Raw x) => Run(() => Keep(At(x).sign(), x.Shape));

    /// <inheritdoc/>
    public Raw Sin(Raw x) => Run(() => Keep(At(x).sin(), x.Shape));

    /// <inheritdoc/>
    public Raw Cos(Raw x) => Run(() => Keep(At(x).cos(), x.Shape));

    /// <inheritdoc/>
    public Raw Erf(Raw x) => Run(() => Keep(At(x).erf(), x.Shape));

    /// <remarks>max(x, 0) + ln(1 + exp(−|x|)).</remarks>
    /// <inheritdoc/>
    public Raw Softplus(Raw x) => Run(() => Keep(At(x).abs().neg_().exp_().log1p_().Add(At(x).relu()), x.Shape));

    private static Torch Combined(IntegerOperation operation, Torch a, Torch b) => operation switch
    {
        IntegerOperation.Add => a.Plus(b),
        IntegerOperation.Subtract => a.sub(b),
        IntegerOperation.Multiply => a.mul(b),
        IntegerOperation.Divide => a.div(b, torch.RoundingMode.trunc),
        IntegerOperation.Remainder => a.fmod(b),
        IntegerOperation.Minimum => a.minimum(b),
        IntegerOperation.Maximum => a.maximum(b),
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    private static void RequireDivisors(IntegerOperation operation, Raw y)
    {
        if (Of(y).Bounds.Exclude(0))
            return;
        var values = new int[y.Shape.Size];
        y.Storage.Engine.Read(y, values);
        if (values.Contains(0))
            throw new DivideByZeroException($"{operation}: a divisor is 0.");
    }
}
