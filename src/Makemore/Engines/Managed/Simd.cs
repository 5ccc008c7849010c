using System.Runtime.Intrinsics;

namespace Makemore;

/// <summary>
/// A vector of float32 lanes. Kernels are written once, over this interface, and compiled for 1, 4, 8 and 16 lanes. IEEE 754
/// rounds every operation here correctly, so the value of a lane does not depend on the number of lanes.
/// </summary>
/// <typeparam name="V">The vector itself.</typeparam>
internal unsafe interface ISimd<V>
    where V : struct, ISimd<V>
{
    static abstract int Count { get; }
    static abstract V Of(float value);
    static abstract V OfBits(int bits);
    static abstract V Load(float* source);
    static abstract V operator +(V a, V b);
    static abstract V operator -(V a, V b);
    static abstract V operator *(V a, V b);
    static abstract V operator /(V a, V b);

    /// <summary>a · b + c, rounded once.</summary>
    static abstract V Fma(V a, V b, V c);
    static abstract V Sqrt(V a);

    /// <summary>All bits of a lane set where a &gt; b, none elsewhere.</summary>
    static abstract V IsGreater(V a, V b);

    /// <summary>All bits of a lane set where a = b, none elsewhere.</summary>
    static abstract V IsEqual(V a, V b);

    /// <summary>a where the mask's bits are set, b elsewhere.</summary>
    static abstract V Select(V mask, V a, V b);
    static abstract V And(V a, V b);
    static abstract V AddInts(V a, V b);
    static abstract V SubtractInts(V a, V b);
    static abstract V ShiftLeft(V a, int bits);
    static abstract V ShiftRightSigned(V a, int bits);

    /// <summary>The bits as an integer, converted to a float.</summary>
    static abstract V FromInts(V a);
    void Store(float* target);
}

/// <summary>One lane: for the remainders of rows, and for machines without vector instructions.</summary>
internal readonly unsafe struct V1(float value) : ISimd<V1>
{
    private readonly float _value = value;

    public static int Count => 1;
    public static V1 Of(float value) => new(value);
    public static V1 OfBits(int bits) => new(BitConverter.Int32BitsToSingle(bits));
    public static V1 Load(float* source) => new(*source);
    public static V1 operator +(V1 a, V1 b) => new(a._value + b._value);
    public static V1 operator -(V1 a, V1 b) => new(a._value - b._value);
    public static V1 operator *(V1 a, V1 b) => new(a._value * b._value);
    public static V1 operator /(V1 a, V1 b) => new(a._value / b._value);
    public static V1 Fma(V1 a, V1 b, V1 c) => new(MathF.FusedMultiplyAdd(a._value, b._value, c._value));
    public static V1 Sqrt(V1 a) => new(MathF.Sqrt(a._value));
    public static V1 IsGreater(V1 a, V1 b) => OfBits(a._value > b._value ? -1 : 0);
    public static V1 IsEqual(V1 a, V1 b) => OfBits(a._value == b._value ? -1 : 0);
    public static V1 Select(V1 mask, V1 a, V1 b) => OfBits((mask.Bits & a.Bits) | (~mask.Bits & b.Bits));
    public static V1 And(V1 a, V1 b) => OfBits(a.Bits & b.Bits);
    public static V1 AddInts(V1 a, V1 b) => OfBits(a.Bits + b.Bits);
    public static V1 SubtractInts(V1 a, V1 b) => OfBits(a.Bits - b.Bits);
    public static V1 ShiftLeft(V1 a, int bits) => OfBits(a.Bits << bits);
    public static V1 ShiftRightSigned(V1 a, int bits) => OfBits(a.Bits >> bits);
    public static V1 FromInts(V1 a) => new(a.Bits);
    public void Store(float* target) => *target = _value;
    private int Bits => BitConverter.SingleToInt32Bits(_value);
}

/// <summary>4 lanes.</summary>
internal readonly unsafe struct V4(Vector128<float> value) : ISimd<V4>
{
    private readonly Vector128<float> _value = value;

    public static int Count => 4;
    public static V4 Of(float value) => new(Vector128.Create(value));
    public static V4 OfBits(int bits) => new(Vector128.Create(bits).AsSingle());
    public static V4 Load(float* source) => new(Vector128.Load(source));
    public static V4 operator +(V4 a, V4 b) => new(a._value + b._value);
    public static V4 operator -(V4 a, V4 b) => new(a._value - b._value);
    public static V4 operator *(V4 a, V4 b) => new(a._value * b._value);
    public static V4 operator /(V4 a, V4 b) => new(a._value / b._value);
    public static V4 Fma(V4 a, V4 b, V4 c) => new(Vector128.FusedMultiplyAdd(a._value, b._value, c._value));
    public static V4 Sqrt(V4 a) => new(Vector128.Sqrt(a._value));
    public static V4 IsGreater(V4 a, V4 b) => new(Vector128.GreaterThan(a._value, b._value));
    public static V4 IsEqual(V4 a, V4 b) => new(Vector128.Equals(a._value, b._value));
    public static V4 Select(V4 mask, V4 a, V4 b) => new(Vector128.ConditionalSelect(mask._value, a._value, b._value));
    public static V4 And(V4 a, V4 b) => new(a._value & b._value);
    public static V4 AddInts(V4 a, V4 b) => new((a._value.AsInt32() + b._value.AsInt32()).AsSingle());
    public static V4 SubtractInts(V4 a, V4 b) => new((a._value.AsInt32() - b._value.AsInt32()).AsSingle());
    public static V4 ShiftLeft(V4 a, int bits) => new((a._value.AsInt32() << bits).AsSingle());
    public static V4 ShiftRightSigned(V4 a, int bits) => new((a._value.AsInt32() >> bits).AsSingle());
    public static V4 FromInts(V4 a) => new(Vector128.ConvertToSingle(a._value.AsInt32()));
    public void Store(float* target) => _value.Store(target);
}

/// <summary>8 lanes.</summary>
internal readonly unsafe struct V8(Vector256<float> value) : ISimd<V8>
{
    private readonly Vector256<float> _value = value;

    public static int Count => 8;
    public static V8 Of(float value) => new(Vector256.Create(value));
    public static V8 OfBits(int bits) => new(Vector256.Create(bits).AsSingle());
    public static V8 Load(float* source) => new(Vector256.Load(source));
    public static V8 operator +(V8 a, V8 b) => new(a._value + b._value);
    public static V8 operator -(V8 a, V8 b) => new(a._value - b._value);
    public static V8 operator *(V8 a, V8 b) => new(a._value * b._value);
    public static V8 operator /(V8 a, V8 b) => new(a._value / b._value);
    public static V8 Fma(V8 a, V8 b, V8 c) => new(Vector256.FusedMultiplyAdd(a._value, b._value, c._value));
    public static V8 Sqrt(V8 a) => new(Vector256.Sqrt(a._value));
    public static V8 IsGreater(V8 a, V8 b) => new(Vector256.GreaterThan(a._value, b._value));
    public static V8 IsEqual(V8 a, V8 b) => new(Vector256.Equals(a._value, b._value));
    public static V8 Select(V8 mask, V8 a, V8 b) => new(Vector256.ConditionalSelect(mask._value, a._value, b._value));
    public static V8 And(V8 a, V8 b) => new(a._value & b._value);
    public static V8 AddInts(V8 a, V8 b) => new((a._value.AsInt32() + b._value.AsInt32()).AsSingle());
    public static V8 SubtractInts(V8 a, V8 b) => new((a._value.AsInt32() - b._value.AsInt32()).AsSingle());
    public static V8 ShiftLeft(V8 a, int bits) => new((a._value.AsInt32() << bits).AsSingle());
    public static V8 ShiftRightSigned(V8 a, int bits) => new((a._value.AsInt32() >> bits).AsSingle());
    public static V8 FromInts(V8 a) => new(Vector256.ConvertToSingle(a._value.AsInt32()));
    public void Store(float* target) => _value.Store(target);
}

/// <summary>16 lanes.</summary>
internal readonly unsafe struct V16(Vector512<float> value) : ISimd<V16>
{
    private readonly Vector512<float> _value = value;

    public static int Count => 16;
    public static V16 Of(float value) => new(Vector512.Create(value));
    public static V16 OfBits(int bits) => new(Vector512.Create(bits).AsSingle());
    public static V16 Load(float* source) => new(Vector512.Load(source));
    public static V16 operator +(V16 a, V16 b) => new(a._value + b._value);
    public static V16 operator -(V16 a, V16 b) => new(a._value - b._value);
    public static V16 operator *(V16 a, V16 b) => new(a._value * b._value);
    public static V16 operator /(V16 a, V16 b) => new(a._value / b._value);
    public static V16 Fma(V16 a, V16 b, V16 c) => new(Vector512.FusedMultiplyAdd(a._value, b._value, c._value));
    public static V16 Sqrt(V16 a) => new(Vector512.Sqrt(a._value));
    public static V16 IsGreater(V16 a, V16 b) => new(Vector512.GreaterThan(a._value, b._value));
    public static V16 IsEqual(V16 a, V16 b) => new(Vector512.Equals(a._value, b._value));
    public static V16 Select(V16 mask, V16 a, V16 b) => new(Vector512.ConditionalSelect(mask._value, a._value, b._value));
    public static V16 And(V16 a, V16 b) => new(a._value & b._value);
    public static V16 AddInts(V16 a, V16 b) => new((a._value.AsInt32() + b._value.AsInt32()).AsSingle());
    public static V16 SubtractInts(V16 a, V16 b) => new((a._value.AsInt32() - b._value.AsInt32()).AsSingle());
    public static V16 ShiftLeft(V16 a, int bits) => new((a._value.AsInt32() << bits).AsSingle());
    public static V16 ShiftRightSigned(V16 a, int bits) => new((a._value.AsInt32() >> bits).AsSingle());
    public static V16 FromInts(V16 a) => new(Vector512.ConvertToSingle(a._value.AsInt32()));
    public void Store(float* target) => _value.Store(target);
}
