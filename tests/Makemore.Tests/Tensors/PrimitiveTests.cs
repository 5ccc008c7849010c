using Makemore.Tests.Script;
using Makemore.Tests.Scripts;
using static Makemore.Primitives;

namespace Makemore.Tests;

/// <summary>Primitives of one's own.</summary>
public sealed class PrimitiveTests
{
    private static readonly Tensor X = Tensor.Of([1f, -2, 3], [3]);

    /// <summary>A pullback may return the cotangent, an operand, the result or a constant: their buffers stay intact.</summary>
    [Fact]
    public void Pullback_OfAnyTensor_LeavesItIntact()
    {
        var constant = Tensor.Of([5f, 6, 7], [3]);
        foreach (var (pullback, expected) in new (Func<Tensor, Tensor, Tensor, Tensor>, float[])[]
        {
            ((g, _, _) => g, [1, 1, 1]), ((_, x, _) => x, [2, -4, 6]),
            ((_, _, y) => y, [3, -3, 7]), ((_, _, _) => constant, [5, 6, 7]),
        })
        {
            var shifted = Primitive.Define(x => x + 1, pullback);
            var (loss, grads) = Gradients.ValueAndGrad(X, x =>
            {
                var doubled = 2 * x;
                var y = shifted(doubled);
                return Sum(y) + (0 * Sum(y * doubled));
            });
            Assert.Equal(7, loss.Item());
            Assert.Equal(Array.ConvertAll(expected, slope => 2 * slope), grads.ToArray());
            Assert.Equal([5f, 6, 7], constant.ToArray());
        }
    }

    [Theory, InlineData(1), InlineData(2), InlineData(7)]
    public void Reductions_OfIntegers_AreExactAndWrapAround(int length)
    {
        int[] values = [.. Enumerable.Range(0, 2 * length).Select(i => i == 0 ? int.MinValue : int.MaxValue - (i * i * 7919 % 11))];
        var x = Tensor.Of(values, [2, length]);
        int[][] rows = [values[..length], values[length..]];
        Assert.Equal(rows.Select(Total), Sum(x, 1).ToInts());
        Assert.Equal(Total(values), Sum(x).ToInts()[0]);
        Assert.Equal(rows.Select(row => row.Max()), Max(x, 1).ToInts());
        Assert.Equal(rows.Select(row => row.Min()), Min(x, -1).ToInts());
        Assert.Equal(Enumerable.Range(0, length).Select(i => Math.Min(rows[0][i], rows[1][i])), Min(x, 0).ToInts());
        Assert.Equal("(1, 1)", $"{Max(x, [0, 1], keepDimension: true).Shape}");
        Assert.Equal(
            rows.SelectMany(row => Enumerable.Range(1, length).Select(count => Total(row[..count]))), CumulativeSum(x, 1).ToInts());

        static int Total(int[] row) => row.Aggregate((a, b) => unchecked(a + b));
    }

    [Fact]
    public void Reductions_WithoutAnAxis_AreOverAllElements()
    {
        var x = Tensor.Normal(Key.FromSeed(1), [3, 4]);
        foreach (var (all, flat) in new[]
        {
            (LogSumExp(x), LogSumExp(x, [0, 1])), (Variance(x), Variance(x, [0, 1])), (Norm(x), Norm(x, [0, 1])),
            (StandardDeviation(x), StandardDeviation(x, [0, 1])),
        })
            Assert.Equal(flat.Item(), all.Item());
    }

    [Fact]
    public void Value_OfTheOperandItself_IsACopy()
    {
        var straight = Primitive.Define(x => x, (g, _, _) => 3 * g, "Straight");
        Assert.Equal([3f, 3, 3], Gradients.ValueAndGrad(X, x => Sum(straight(x))).Grads.ToArray());
        Assert.Equal([1f, -2, 3], X.ToArray());
        Assert.Equal([1f, -2, 3], straight(X).ToArray());
    }

    [Fact]
    public void Script_InTheReadme_IsSound()
    {
        var readme = File.ReadAllText(Path.Combine(HostProcess.Repository, "README.md"));
        var block = readme.Split("```").Single(part =>
            part.StartsWith("csharp", StringComparison.Ordinal) && part.Contains("Primitive.Define", StringComparison.Ordinal));
        using var folder = new TemporaryFolder();
        var script = folder.Write("readme.csx", $"#load \"{ScriptFile.PathOf("prelude")}\"\n{block["csharp".Length..]}");
        var (variables, outcome) = InProcess.Run(script, ScriptProcess.Folder, []);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.InRange((double)variables!.GetType().GetField("error")!.GetValue(variables)!, 0, 2e-3);
    }

    [Fact]
    public void GradientCheck_OfAWrongPullback_FindsIt()
    {
        var right = Primitive.Define(x => x * x, (g, x, _) => 2 * g * x);
        var wrong = Primitive.Define(x => x * x, (g, x, _) => g * x);
        Assert.InRange(GradientCheck.MaxError(right, X), 0, 2e-3);
        Assert.InRange(GradientCheck.MaxError(wrong, X), 0.5, 2);
        Assert.InRange(GradientCheck.MaxError((a, b) => a / b, X, X), 0, 2e-3);
        var many = Primitive.DefineMany(x => x[0] * x[1], (g, x, _) => [g * x[1], g * x[0]]);
        Assert.InRange(GradientCheck.MaxError(many, [X, X + 1]), 0, 2e-3);
    }
}
