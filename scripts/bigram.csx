#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// The bigram: a table of how likely each character is after each other one.
//
// The bottom of the ladder, and the whole of language modelling in small: a model gives each next character a
// probability, its loss is the mean of −ln of the probability that it gave to what came, and a sample is drawn one
// character at a time. The table of lowest loss is known in closed form, the counts of pairs over the counts of
// their first character. With --neural the same table is found by gradient descent, and arrives at the same loss.

var training = Offer.Training(maxSteps: 5000, learningRate: 0.01, weightDecay: 0, batchSize: 128);
var run = Run.Open(Args, "bigram", "A table of pairs of characters, counted, or learned by gradient descent.",
[
    Offer.Number("--smoothing", 1.0, "what is added to every count"),
    Offer.Switch("--neural", "learn the table by gradient descent instead of counting"),
    training,
]);
var (V, isNeural) = (run.VocabSize, run.Get<bool>("--neural") || run.IsCheck);
run.RequireFor(training, isNeural, "is for learning the table: it needs --neural");

// makemore.py starts from zeros: every character equally likely after every other.
Params Init(Key key) => new(Tensor.Zeros([V, V]));

// Row i of the table holds the logits after character i.
Tensor Logits(Params p, Tensor window) => Gather(p.Logits, window.At(-1, 0));      // (…, 1) → (…, V)

var bigram = Model.FromWindow<Params>(run.Name, run.BlockSize, 1, blank: 0, Init, Logits);

if (isNeural)
{
    foreach (var state in run.Train(bigram, run.Optimizer))
        run.Show(state);
    run.Finish(bigram);
}
else
{
    run.Finish(bigram, Fit);
}

// The closed form: logits that are the logarithms of smoothed counts.
Params Fit()
{
    var counts = Count();
    run.Heatmap("How often a character (column) follows another (row)", counts);
    var smoothed = Tensor.Of([.. counts.Cast<long>().Select(count => (float)count)], [V, V]) + (float)run.Get<double>("--smoothing");
    return new(Log(smoothed));
}

// Apart, because the runtime compiles a loop that runs long a second time, with all that stands around it.
long[,] Count()
{
    var counts = new long[V, V];
    foreach (var (from, to) in run.Corpus.Train.Pairs())
        counts[from, to]++;
    return counts;
}

public sealed record Params(Tensor Logits);
