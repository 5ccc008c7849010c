using static Makemore.Primitives;

namespace Makemore;

/// <summary>A step of Muon on a matrix: Jordan et al. 2024.</summary>
internal static class MuonStep
{
    /// <summary>The polynomial a s + b s³ + c s⁵, applied a few times, brings singular values s in (0, 1] near 1. It is as steep at 0 as
    /// possible, so that small ones get there too; they end between 0.68 and 1.14.</summary>
    private const float A = 3.4445f, B = -4.7750f, C = 2.0315f;

    private const int Iterations = 5;

    private const float Epsilon = 1e-7f;

    /// <summary>The usual size of AdamW's updates, as a root mean square, at a learning rate of 1: Liu et al. 2025.</summary>
    private const float AdamSize = 0.2f;

    /// <summary>The new running mean of the gradient and the update, both of its shape (…, M, N).</summary>
    public static (Tensor Mean, Tensor Update) Of(Tensor g, Tensor mean, float momentum)
    {
        var next = (mean * momentum) + (g * (1 - momentum));
        var ahead = (next * momentum) + (g * (1 - momentum));
        return (next, Orthogonalize(ahead) * (AdamSize * MathF.Sqrt(Math.Max(g.Shape[^1], g.Shape[^2]))));
    }

    /// <summary>The matrices (…, M, N) with all singular values near 1, by Newton-Schulz iterations: matrix products alone turn each
    /// singular value into a polynomial of it.</summary>
    public static Tensor Orthogonalize(Tensor matrix)
    {
        if (matrix.Shape[^2] > matrix.Shape[^1])
            return Orthogonalize(matrix.Transpose(-2, -1)).Transpose(-2, -1);
        // No singular value is above the root of the sum of all their squares.
        var x = matrix / (Sqrt(Sum(matrix * matrix, [-2, -1], keepDimension: true)) + Epsilon);          // (…, M, N)
        for (var i = 0; i < Iterations; i++)
        {
            var square = MatMul(x, x, transposeB: true);                                                  // (…, M, M)
            x = (x * A) + MatMul((square * B) + (MatMul(square, square) * C), x);                         // (…, M, N)
        }
        return x;
    }

    /// <summary>The names of a model's hidden matrices: all but tables of vectors, and the output layer, which is the last one with a row
    /// per token.</summary>
    public static HashSet<string> HiddenMatrices(IReadOnlyList<Leaf> parameters, int vocabulary)
    {
        Leaf[] matrices = [.. parameters.Where(leaf => Transforms.IsMatrix(leaf) && !leaf.IsTable)];
        var output = matrices.LastOrDefault(leaf => leaf.Value.Shape[0] == vocabulary);
        return [.. matrices.Where(leaf => leaf != output).Select(leaf => leaf.Name)];
    }
}
