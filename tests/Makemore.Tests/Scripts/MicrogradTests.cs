using System.Collections;
using System.Collections.Immutable;
using static Makemore.Gradients;
using static Makemore.Primitives;

namespace Makemore.Tests.Scripts;

/// <summary>micrograd.csx: gradients of single numbers.</summary>
public sealed class MicrogradTests
{
    [Fact]
    public void Gradients_OfItsNetwork_AreTheLibrarys()
    {
        const int Points = 12, Hidden = 5;
        var script = Run("--max-steps", "0", "--points", $"{Points}", "--n-embd2", $"{Hidden}").Variables!;
        dynamic mlp = Variable(script, "mlp"), moons = Variable(script, "moons"), loss = Call(script, "Loss", mlp, moons);
        var (values, byHand) = ((List<dynamic>)Values(mlp), (IDictionary)Call(script, "Backward", loss));

        var numbers = new Queue<float>(values.Select(value => (float)value.Data));
        ImmutableArray<Tensor> layers = [Next(Hidden, 3), Next(Hidden, Hidden + 1), Next(1, Hidden + 1)];
        var (x, y) = ((Tensor, Tensor))Examples(moons);
        var (expected, grads) = ValueAndGrad(layers, p => Mean(Log(1 + Exp(-y * Forward(p, x)))));
        Assert.Equal(expected.Item(), (double)loss.Data, 1e-6);
        Assert.Equal(
            grads.SelectMany(layer => layer.ToArray()), values.Select(value => (float)(double)byHand[value]!),
            (its, mine) => Math.Abs(its - mine) < 1e-6);

        Tensor Next(int rows, int columns) =>
            Tensor.Of([.. Enumerable.Range(0, rows * columns).Select(_ => numbers.Dequeue())], [rows, columns]);
    }

    [Fact]
    public void Run_OfSomeSteps_LearnsTheMoons()
    {
        var outcome = Run("--max-steps", "40", "--points", "40", "--n-embd2", "8").Outcome;
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var losses = outcome.Output.Split('\n').Where(line => line.StartsWith("step ", StringComparison.Ordinal))
            .Select(line => double.Parse(line.Split(' ')[4])).ToArray();
        Assert.Equal(5, losses.Length);
        Assert.InRange(losses[^1], 0, 0.5 * losses[0]);
        Assert.Contains("ln d² grows by -1.5000 per unit of a, 1.0000 of b, 0.5000 of c", outcome.Output);
        Assert.All("●○░▒▓", sign => Assert.Contains(sign, outcome.Output));
    }

    [Fact]
    public void Run_OfTheMostPoints_DoesNotOverflowTheStack() => Assert.Contains(
        "step 1 | loss ", Run("--max-steps", "1", "--points", "1000", "--n-embd2", "2").Outcome.Output);

    [Fact]
    public void Run_OfAFault_SaysItInALine()
    {
        var error = new StringWriter { NewLine = "\n" };
        var lesson = Lesson.Open(
            new ShellArguments([], new(TextWriter.Null, error, IsTerminal: false, code => new InvalidOperationException($"{code}"))), "toy", "", []);
        Assert.Equal(1, lesson.Run(() => throw new IOException("the disk is gone")));
        Assert.Equal("toy: the disk is gone\n", $"{error}");
    }

    [Theory]
    [InlineData("--points 1", "micrograd: --points 1: give a whole number of 2 or more, up to 1000")]
    [InlineData("--points 30000", "micrograd: --points 30000: give a whole number of 2 or more, up to 1000")]
    [InlineData("--n-embd2 2147483647", "micrograd: --n-embd2 2147483647: give a whole number of 1 or more, up to 64")]
    [InlineData("--step 3", "micrograd: Unrecognized command or argument '--step' (--help lists the options)")]
    public void Run_OfABadOption_SaysItInALine(string arguments, string line)
    {
        var outcome = Run(arguments.Split(' ')).Outcome;
        Assert.Equal((1, "", line), (outcome.ExitCode, outcome.Output, outcome.Error));
    }

    private static (object? Variables, Script.Outcome Outcome) Run(params string[] arguments) =>
        InProcess.Run(ScriptFile.PathOf("micrograd"), ScriptProcess.Folder, arguments);

    private static dynamic Variable(object script, string name) => script.GetType().GetField(name)!.GetValue(script)!;

    private static dynamic Call(object script, string name, params object[] arguments) =>
        script.GetType().GetMethod(name)!.Invoke(script, arguments)!;

    /// <summary>The parameters of the script's network: layer by layer and neuron by neuron, weights before the bias.</summary>
    private static List<dynamic> Values(dynamic mlp)
    {
        var values = new List<dynamic>();
        foreach (var layer in mlp.Layers)
            foreach (var neuron in layer.Neurons)
            {
                values.AddRange(Enumerable.Cast<dynamic>(neuron.Weights));
                values.Add(neuron.Bias);
            }
        return values;
    }

    /// <summary>The points (n, 2) and their moons (n, 1).</summary>
    private static (Tensor X, Tensor Y) Examples(dynamic moons)
    {
        var (x, y) = (new List<float>(), new List<float>());
        foreach (var point in moons)
        {
            x.AddRange([(float)point.X, (float)point.Y]);
            y.Add((float)point.Moon);
        }
        return (Tensor.Of([.. x], [y.Count, 2]), Tensor.Of([.. y], [y.Count, 1]));
    }

    /// <summary>The same network of tensors, the biases in the last column of each.</summary>
    private static Tensor Forward(ImmutableArray<Tensor> layers, Tensor x) => layers.Skip(1).Aggregate(
        Weigh(x, layers[0]), (x, layer) => Weigh(Tanh(x), layer));

    private static Tensor Weigh(Tensor x, Tensor layer) =>
        MatMul(Concat(1, x, Tensor.Ones([x.Shape[0], 1])), layer, transposeB: true);
}
