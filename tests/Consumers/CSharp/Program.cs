using Makemore;
using static Makemore.Primitives;

var run = Run.Open(args, "csharp", "A multilayer perceptron in a C# project.",
    [Option.Training(learningRate: 0.01), Option.Context(3), Option.NEmbd(8)]);
var (V, n, E) = (run.VocabSize, run.Context, run.NEmbd);
var model = Model.FromWindow(run.Name, run.BlockSize, n, blank: V,
    key => new Mlp(Embedding.Init(key.At(0), V + 1, E), Linear.Init(key.At(1), n * E, V)),
    (p, window) => p.Head.Forward(Tanh(p.Wte.Forward(window).Flatten(-2))));
return run.Fit(model);

internal sealed record Mlp(Embedding Wte, Linear Head);
