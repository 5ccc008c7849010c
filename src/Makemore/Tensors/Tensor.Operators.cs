namespace Makemore;

/// <summary>The operators. A number takes part as a tensor of one element: an int as an integer, a float or a double as
/// float32.</summary>
public sealed partial class Tensor
{
    /// <summary>Elementwise sum.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => Primitives.Add(a, b);

    /// <summary>Elementwise difference.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => Primitives.Subtract(a, b);

    /// <summary>Elementwise product.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => Primitives.Multiply(a, b);

    /// <summary>Elementwise quotient; of integers, without its fraction.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => Primitives.Divide(a, b);

    /// <summary>Elementwise remainder, with the sign of a.</summary>
    public static Tensor operator %(Tensor a, Tensor b) => Primitives.Remainder(a, b);

    /// <summary>Negates every element.</summary>
    public static Tensor operator -(Tensor a) => a.Type == ElementType.Int32 ? 0 - a : Primitives.Affine(a, -1, 0);

    /// <summary>Adds a number to every element.</summary>
    public static Tensor operator +(Tensor a, float b) => Primitives.Affine(Floats(a), 1, b);

    /// <summary>Adds a number to every element.</summary>
    public static Tensor operator +(Tensor a, double b) => a + (float)b;

    /// <summary>Adds a number to every element.</summary>
    public static Tensor operator +(Tensor a, int b) => a.Type == ElementType.Int32 ? a + a.Number(b) : a + (float)b;

    /// <summary>Adds a number to every element.</summary>
    public static Tensor operator +(float a, Tensor b) => Primitives.Affine(Floats(b), 1, a);

    /// <summary>Adds a number to every element.</summary>
    public static Tensor operator +(double a, Tensor b) => (float)a + b;

    /// <summary>Adds a number to every element.</summary>
    public static Tensor operator +(int a, Tensor b) => b.Type == ElementType.Int32 ? b.Number(a) + b : (float)a + b;

    /// <summary>Subtracts a number from every element.</summary>
    public static Tensor operator -(Tensor a, float b) => Primitives.Affine(Floats(a), 1, -b);

    /// <summary>Subtracts a number from every element.</summary>
    public static Tensor operator -(Tensor a, double b) => a - (float)b;

    /// <summary>Subtracts a number from every element.</summary>
    public static Tensor operator -(Tensor a, int b) => a.Type == ElementType.Int32 ? a - a.Number(b) : a - (float)b;

    /// <summary>Subtracts every element from a number.</summary>
    public static Tensor operator -(float a, Tensor b) => Primitives.Affine(Floats(b), -1, a);

    /// <summary>Subtracts every element from a number.</summary>
    public static Tensor operator -(double a, Tensor b) => (float)a - b;

    /// <summary>Subtracts every element from a number.</summary>
    public static Tensor operator -(int a, Tensor b) => b.Type == ElementType.Int32 ? b.Number(a) - b : (float)a - b;

    /// <summary>Multiplies every element by a number.</summary>
    public static Tensor operator *(Tensor a, float b) => Primitives.Affine(Floats(a), b, 0);

    /// <summary>Multiplies every element by a number.</summary>
    public static Tensor operator *(Tensor a, double b) => a * (float)b;

    /// <summary>Multiplies every element by a number.</summary>
    public static Tensor operator *(Tensor a, int b) => a.Type == ElementType.Int32 ? a * a.Number(b) : a * (float)b;

    /// <summary>Multiplies every element by a number.</summary>
    public static Tensor operator *(float a, Tensor b) => Primitives.Affine(Floats(b), a, 0);

    /// <summary>Multiplies every element by a number.</summary>
    public static Tensor operator *(double a, Tensor b) => (float)a * b;

    /// <summary>Multiplies every element by a number.</summary>
    public static Tensor operator *(int a, Tensor b) => b.Type == ElementType.Int32 ? b.Number(a) * b : (float)a * b;

    /// <summary>Divides every element by a number.</summary>
    public static Tensor operator /(Tensor a, float b) => Primitives.Affine(Floats(a), 1 / b, 0);

    /// <summary>Divides every element by a number.</summary>
    public static Tensor operator /(Tensor a, double b) => a / (float)b;

    /// <summary>Divides every element by a number.</summary>
    public static Tensor operator /(Tensor a, int b) => a.Type == ElementType.Int32 ? a / a.Number(b) : a / (float)b;

    /// <summary>Divides a number by every element.</summary>
    public static Tensor operator /(float a, Tensor b) => Primitives.Divide(b.Number(a), b);

    /// <summary>Divides a number by every element.</summary>
    public static Tensor operator /(double a, Tensor b) => (float)a / b;

    /// <summary>Divides a number by every element.</summary>
    public static Tensor operator /(int a, Tensor b) => b.Type == ElementType.Int32 ? b.Number(a) / b : (float)a / b;

    /// <summary>The remainder of every element divided by a number.</summary>
    public static Tensor operator %(Tensor a, float b) => Primitives.Remainder(a, a.Number(b));

    /// <summary>The remainder of every element divided by a number.</summary>
    public static Tensor operator %(Tensor a, double b) => a % (float)b;

    /// <summary>The remainder of every element divided by a number.</summary>
    public static Tensor operator %(Tensor a, int b) => a.Type == ElementType.Int32 ? a % a.Number(b) : a % (float)b;

    /// <summary>The remainder of a number divided by every element.</summary>
    public static Tensor operator %(float a, Tensor b) => Primitives.Remainder(b.Number(a), b);

    /// <summary>The remainder of a number divided by every element.</summary>
    public static Tensor operator %(double a, Tensor b) => (float)a % b;

    /// <summary>The remainder of a number divided by every element.</summary>
    public static Tensor operator %(int a, Tensor b) => b.Type == ElementType.Int32 ? b.Number(a) % b : (float)a % b;

    /// <summary>A number as a tensor of one element, on this tensor's engine.</summary>
    internal Tensor Number(float value) => Primitives.Flat(Region, Engine.Full(value, Shape.Scalar));

    /// <summary>An integer as a tensor of one element, on this tensor's engine.</summary>
    internal Tensor Number(int value) => Primitives.Flat(Region, Engine.FromInts([value], Shape.Scalar));

    /// <summary>A number as a tensor of one element that compares and combines with this one: an integer if both are.</summary>
    internal Tensor Number(double value) =>
        Type == ElementType.Int32 && value == (int)value ? Number((int)value) : Number((float)value);

    private static Tensor Floats(Tensor x) => x.To(ElementType.Float32);
}
