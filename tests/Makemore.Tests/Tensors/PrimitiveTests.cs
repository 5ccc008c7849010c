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
