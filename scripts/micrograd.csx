#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// Gradients from nothing: lecture 1, "The spelled-out intro to neural networks and backpropagation: building micrograd",
// https://www.youtube.com/watch?v=VMj-3S1tku0, after https://github.com/karpathy/micrograd.
//
// Below the ladder: all that training needs, in one file, for single numbers where the other scripts have tensors. A number
// knows what it was computed from. So the chain rule finds how much each weight of a network matters to its loss, and a small
// step of every weight against that makes the loss smaller. The network learns to tell two moons of points apart.

// A number and the numbers that it was computed from, its children, each with a slope: how fast the number grows with that
// child alone. The slope of a sum is 1, that of a product the other factor, that of a function its derivative.
public sealed class Value(double data, params ImmutableArray<(Value Child, double Slope)> children)
{
    public double Data => data;
    public ImmutableArray<(Value Child, double Slope)> Children => children;

    public static implicit operator Value(double number) => new(number);
    public static Value operator +(Value a, Value b) => new(a.Data + b.Data, (a, 1), (b, 1));
    public static Value operator *(Value a, Value b) => new(a.Data * b.Data, (a, b.Data), (b, a.Data));
    public static Value operator -(Value a) => -1 * a;

    public Value Tanh() => Function(Math.Tanh(data), result => 1 - (result * result));             // tanh′ = 1 − tanh²
    public Value Exp() => Function(Math.Exp(data), result => result);                               // exp′ = exp
    public Value Log() => Function(Math.Log(data), _ => 1 / data);                                  // ln′ u = 1/u

    Value Function(double result, Func<double, double> slope) => new(result, (this, slope(result)));
}

// Backpropagation. The gradient of the result with respect to a value is how fast the result grows with that value. With
// respect to itself it is 1. Every value passes its own gradient, times the slope, to each of its children (the chain rule);
// one that is used in several places adds up what comes back from them. So a value must have all of its gradient before it
// passes it on: all that were computed from it go first.
Dictionary<Value, double> Backward(Value result)
{
    var gradients = new Dictionary<Value, double> { [result] = 1 };
    foreach (var value in ChildrenFirst(result).Reverse())
        foreach (var (child, slope) in value.Children)
            gradients[child] = gradients.GetValueOrDefault(child) + (gradients[value] * slope);
    return gradients;
}

// All values that a result was computed from, each after its children, and the result itself.
IReadOnlyCollection<Value> ChildrenFirst(Value result)
{
    var (order, seen) = (new List<Value>(), new HashSet<Value>());
    Visit(result);
    return order;

    void Visit(Value value)
    {
        if (!seen.Add(value))
            return;
        foreach (var (child, _) in value.Children)
            Visit(child);
        order.Add(value);
    }
}

// ---- A network ----------------------------------------------------------------------------------------------------------

// A weighted sum of the inputs.
public sealed record Neuron(ImmutableArray<Value> Weights, Value Bias)
{
    // Weights of this size keep the sum about as large as one input, however many there are.
    public static Neuron Init(Key key, int inputs) =>
        new([.. key.Normals(inputs).Select(normal => (Value)(normal / Math.Sqrt(inputs)))], 0);

    public Value Forward(ImmutableArray<Value> x) =>
        Weights.Zip(x, (weight, input) => weight * input).Aggregate(Bias, (sum, term) => sum + term);

    public Neuron Map(Func<Value, Value> change) => new([.. Weights.Select(change)], change(Bias));
}

// Several neurons that read the same inputs.
public sealed record Layer(ImmutableArray<Neuron> Neurons)
{
    public static Layer Init(Key key, int inputs, int outputs) =>
        new([.. key.Split(outputs).Select(neuron => Neuron.Init(neuron, inputs))]);

    public ImmutableArray<Value> Forward(ImmutableArray<Value> x) => [.. Neurons.Select(neuron => neuron.Forward(x))];

    public Layer Map(Func<Value, Value> change) => new([.. Neurons.Select(neuron => neuron.Map(change))]);
}

// Layers, each reading the one before through a tanh: without it, all of them together would be one weighted sum.
public sealed record Mlp(ImmutableArray<Layer> Layers)
{
    public static Mlp Init(Key key, params int[] sizes) =>
        new([.. Enumerable.Range(0, sizes.Length - 1).Select(l => Layer.Init(key.At(l), sizes[l], sizes[l + 1]))]);

    public Value Forward(Point point) => Layers.Skip(1).Aggregate(
        Layers[0].Forward([point.X, point.Y]), (x, layer) => layer.Forward([.. x.Select(value => value.Tanh())]))[0];

    public Mlp Map(Func<Value, Value> change) => new([.. Layers.Select(layer => layer.Map(change))]);
}

// ---- Two moons ----------------------------------------------------------------------------------------------------------

public sealed record Point(double X, double Y, int Moon);                               // the moon is 1 or −1

// Half circles that reach into each other, blurred a little.
Point[] Moons(Key key, int count) =>
[
    .. Enumerable.Range(0, count).Select(i =>
    {
        var (angle, noise, moon) = (Math.PI * (i / 2) / (count / 2), key.At(i).Normals(2), i % 2 == 0 ? 1 : -1);
        var (x, y) = moon == 1 ? (Math.Cos(angle), Math.Sin(angle)) : (1 - Math.Cos(angle), 0.5 - Math.Sin(angle));
        return new Point(x + (0.1 * noise[0]), y + (0.1 * noise[1]), moon);
    }),
];

// A positive score is for moon 1. Its probability is 1 / (1 + e^−score), and the loss of a point −ln of the probability of
// its moon: the loss of every model in the ladder.
Value Loss(Mlp mlp, Point[] points) =>
    points.Select(point => (1 + (-point.Moon * mlp.Forward(point)).Exp()).Log())
        .Aggregate((sum, loss) => sum + loss) * (1.0 / points.Length);

double Accuracy(Mlp mlp, Point[] points) => points.Average(point => mlp.Forward(point).Data * point.Moon > 0 ? 1.0 : 0.0);

// What the network believes of the plane, in shades of its probability, and the points: ● is moon 1, ○ the other.
string Picture(Mlp mlp, Point[] points)
{
    const int Width = 64, Height = 20;
    var rows = new StringBuilder();
    for (var row = 0; row < Height; row++, rows.Append('\n'))
        for (var column = 0; column < Width; column++)
            rows.Append(points.FirstOrDefault(point => Cell(point) == (row, column)) is { } here
                ? here.Moon == 1 ? '●' : '○'
                : " ░▒▓"[(int)(3.999 / (1 + Math.Exp(-mlp.Forward(Middle(row, column)).Data)))]);
    return rows.ToString().TrimEnd('\n');

    // The plane from (−1.5, 1.5) at the top left to (2.5, −1).
    Point Middle(int row, int column) => new(-1.5 + (4 * (column + 0.5) / Width), 1.5 - (2.5 * (row + 0.5) / Height), 0);

    (int, int) Cell(Point point) => ((int)((1.5 - point.Y) / 2.5 * Height), (int)((point.X + 1.5) / 4 * Width));
}

// ---- The program --------------------------------------------------------------------------------------------------------

var maxSteps = Option.Number("--max-steps", 100, "steps of gradient descent, each on all points", min: 0);
var rate = Option.Number("--learning-rate", 1.0, "how far a weight moves against its gradient in a step");
var count = Option.Number("--points", 100, "number of points", min: 2, max: 1000);
var hidden = Option.Number("--n-embd2", 16, "size of the two hidden layers", max: 64);
var seed = Option.Number("--seed", 3407, "random seed", min: 0);
var lesson = Lesson.Open(Args, "micrograd", "Backpropagation for single numbers, and a network that tells two moons apart (lecture 1).",
    [maxSteps, rate, count, hidden, seed]);

// The lecture's example: one expression, and what it does when a little is added to one number of it.
var (a, b, c) = ((Value)2, (Value)(-3), (Value)10);
var d = (a * b) + c;
var slopes = Backward((d * d).Log());
lesson.Say($"a = {a.Data}, b = {b.Data}, c = {c.Data}: d = a·b + c = {d.Data}, and ln d² grows by {slopes[a]:0.0000} per unit of a, "
    + $"{slopes[b]:0.0000} of b, {slopes[c]:0.0000} of c");
var nudged = ((2.001 * b) + c) * ((2.001 * b) + c);
lesson.Say($"with 0.001 more in a it grows by {(nudged.Log().Data - (d * d).Log().Data) / 0.001:0.0000} per unit\n");

var key = Key.FromSeed(lesson.Get(seed));
var moons = Moons(key.At(0), lesson.Get(count));
var mlp = Mlp.Init(key.At(1), 2, lesson.Get(hidden), lesson.Get(hidden), 1);
return lesson.Run(() =>
{
    for (var step = 0; step <= lesson.Get(maxSteps); step++)
    {
        var loss = Loss(mlp, moons);
        if (step % 10 == 0 || step == lesson.Get(maxSteps))
            lesson.Say($"step {step} | loss {loss.Data:0.0000} | {Accuracy(mlp, moons):0 %} of the points right");
        if (step == lesson.Get(maxSteps))
            break;
        var gradients = Backward(loss);
        // Nothing is changed in place: a step makes a new network.
        mlp = mlp.Map(weight => weight.Data - (lesson.Get(rate) * gradients[weight]));
    }
    lesson.Say(Picture(mlp, moons));
});
