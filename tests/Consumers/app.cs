#:package Makemore.Console@VERSION

using Makemore;

var run = Run.Open(args, "app", "A neural bigram model, as a file-based app.", [Option.Training(learningRate: 0.01)]);
var model = Model.FromForward(run.Name, run.BlockSize,
    key => new Params(Embedding.Init(key, run.VocabSize, run.VocabSize)), (p, ids) => p.Logits.Forward(ids));
return run.Fit(model);

internal sealed record Params(Embedding Logits);
