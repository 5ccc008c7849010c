using System.Runtime.InteropServices;
using Makemore.Script;

namespace Makemore.Tests;

/// <summary>A checksum of the bits that an engine computes, over every raw operation and a few training steps.</summary>
public static class Fingerprint
{
    private static readonly Shape[] Shapes = [[], [5], [3, 17], [2, 3, 33], [2, 1, 9, 16], [150, 18]];

    public static string Of(IEngine engine)
    {
        using var bytes = new MemoryStream();
        foreach (var operation in Operations.All)
            foreach (var (shape, i) in Shapes.Select((shape, i) => (shape, i)))
                foreach (var result in operation.Run(new(engine, Key.FromSeed(1).At(i)), shape))
                    bytes.Write(MemoryMarshal.AsBytes<int>(Bits(result)));
        foreach (var leaf in Tree.Tensors(Trained(engine)))
            bytes.Write(MemoryMarshal.AsBytes<float>(leaf.ToArray()));
        return $"{Checksum.Of(bytes.ToArray()):x16}";
    }

    /// <summary>The bits of the elements, with all NaNs alike.</summary>
    public static int[] Bits(Raw x)
    {
        var bits = new int[x.Shape.Size];
        if (x.Type == ElementType.Int32)
        {
            x.Storage.Engine.Read(x, bits);
            return bits;
        }
        var values = new float[x.Shape.Size];
        x.Storage.Engine.Read(x, values);
        return Array.ConvertAll(values, value => BitConverter.SingleToInt32Bits(float.IsNaN(value) ? float.NaN : value));
    }

    /// <summary>A small attention model after a few steps of gradient descent.</summary>
    public static Parameters Trained(IEngine engine)
    {
        const int V = 27, T = 9, C = 20, B = 5;
        var key = Key.FromSeed(2);
        var ids = new Operands(engine, key.At(9)).Ints(0, [B, T + 1], 0, V);
        var tokens = new int[ids.Shape.Size];
        engine.Read(ids, tokens);
        var x = Tensor.Of([.. tokens.Where((_, i) => i % (T + 1) < T)], [B, T], engine);
        var y = Tensor.Of([.. tokens.Where((_, i) => i % (T + 1) > 0)], [B, T], engine);

        Tensor Draw(int index, Shape shape) => Tensor.Of(key.At(index).Normals(shape.Size), shape, engine) * 0.3f;
        var p = new Parameters(
            Draw(0, [V, C]), Draw(1, [3 * C, C]), Draw(2, [3 * C]), Draw(3, [C, C]), Draw(4, [V, C]), Draw(5, [V]));
        for (var step = 0; step < 4; step++)
        {
            var (_, grads) = Gradients.ValueAndGrad(p, q => Loss(q, x, y));
            p = Tree.Zip(p, grads, (weight, grad) => weight - (0.5f * grad));
        }
        return p;
    }

    private static Tensor Loss(Parameters p, Tensor ids, Tensor targets)
    {
        var x = Primitives.Gather(p.Wte, ids);                                             // (B, T, C)
        var mean = Primitives.Mean(x, -1, keepDimension: true);
        var variance = Primitives.Mean(Primitives.Power(x - mean, 2), -1, keepDimension: true);
        var qkv = Primitives.LinearMap((x - mean) / Primitives.Sqrt(variance + 1e-5f), p.Attn, p.AttnBias).Split(-1, 3);
        var scores = Primitives.MatMul(qkv[0], qkv[1], transposeB: true) * 0.22f;           // (B, T, T)
        var mixed = Primitives.MatMul(Primitives.Softmax(Primitives.MaskFuture(scores)), qkv[2]);
        var hidden = x + Primitives.Gelu(Primitives.LinearMap(mixed, p.Proj));             // (B, T, C)
        return Primitives.CrossEntropy(Primitives.LinearMap(Primitives.Tanh(hidden), p.Head, p.HeadBias), targets);
    }
}

/// <summary>The parameters of the model.</summary>
public sealed record Parameters(Tensor Wte, Tensor Attn, Tensor AttnBias, Tensor Proj, Tensor Head, Tensor HeadBias);
