using TorchSharp;
using Torch = TorchSharp.torch.Tensor;

namespace Makemore;

/// <summary>
/// Arithmetic of tensors and numbers. TorchSharp hands a number to libtorch as a native object that it makes by an implicit
/// conversion and that its finalizer deletes, perhaps while libtorch still reads it: nothing holds it any more. So every
/// number goes through here, where it is held until the call is over, and then freed at once.
/// </summary>
/// <remarks>Verbs change their tensor (Add, Scale), the others make a new one (Plus, Times). Even adding two tensors
/// involves a number, the scale of the second.</remarks>
internal static class TorchArithmetic
{
    // An integer, which tensors of integers take too.
    private static readonly Scalar One = 1;

    /// <summary>x + y, broadcasting.</summary>
    public static Torch Plus(this Torch x, Torch y) => x.add(y, One);

    /// <summary>x + c.</summary>
    public static Torch Plus(this Torch x, float c) => With(c, number => x.add(number, One));

    /// <summary>c · x.</summary>
    public static Torch Times(this Torch x, float c) => With(c, x.mul);

    /// <summary>x · x.</summary>
    public static Torch Squared(this Torch x) => x.mul(x);

    /// <summary>x to a power.</summary>
    public static Torch ToThe(this Torch x, float exponent) => With(exponent, x.pow);

    /// <summary>x + c · a · b, broadcasting.</summary>
    public static Torch PlusProduct(this Torch x, Torch a, Torch b, float c) => With(c, number => x.addcmul(a, b, number));

    /// <summary>Whether each integer is at least c.</summary>
    public static Torch IsAtLeast(this Torch x, int c) => With(c, x.ge);

    /// <summary>Whether each element is another number than 0.</summary>
    public static Torch IsNotZero(this Torch x) => With(0, x.ne);

    /// <summary>c where the mask holds, else x.</summary>
    public static Torch Filled(this Torch x, Torch mask, float c) => With(c, number => x.masked_fill(mask, number));

    /// <summary>Each element, or the bound that it is beyond.</summary>
    public static Torch Within(this Torch x, int low, int high)
    {
        using Scalar min = low, max = high;
        return x.clamp(min, max);
    }

    /// <summary>Adds y, times c, to x.</summary>
    public static Torch Add(this Torch x, Torch y, float c = 1) => With(c, number => x.add_(y, number));

    /// <summary>Adds c to x.</summary>
    public static Torch Add(this Torch x, float c) => With(c, number => x.add_(number, One));

    /// <summary>Multiplies x by c.</summary>
    public static Torch Scale(this Torch x, float c) => With(c, x.mul_);

    /// <summary>Adds c · a · b to x, broadcasting.</summary>
    public static Torch AddProduct(this Torch x, Torch a, Torch b, float c) => With(c, number => x.addcmul_(a, b, number));

    /// <summary>Adds the rows of y to the rows of x at the places.</summary>
    public static Torch AddRows(this Torch x, Torch places, Torch y) => x.index_add_(0, places, y, One);

    /// <summary>One number everywhere.</summary>
    public static Torch Full(float c, long[] sizes, torch.Device device) =>
        With(c, number => torch.full(sizes, number, torch.float32, device));

    private static Torch With(float c, Func<Scalar, Torch> operation)
    {
        using Scalar number = c;
        return operation(number);
    }
}
