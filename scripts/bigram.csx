#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// The bigram: a table of how likely each character is after each other one.
//
// The bottom of the ladder, and the whole of language modeling in small. A model gives each next character a probability; its
// loss is the mean of −ln of the probabilities that it gave to the characters that came; a sample is drawn one character at a
// time. All of it is here in the open, once: from ngram.csx on, run.Fit does the same for any model. The table of lowest loss
// is known in closed form, the counts of pairs over the counts of their first character. With --neural gradient descent finds
// the same table, in a training step that is here in the open too; from mlp.csx on it is the library's.

var smoothing = Option.Number("--smoothing", 1.0, "what is added to every count");
var neural = Option.Switch("--neural", "learn the table by gradient descent instead of counting");
var training = Option.Training(maxSteps: 5000, learningRate: 0.01, weightDecay: 0, batchSize: 128);
var run = Run.Open(
    Args, "bigram", "A table of pairs of characters, counted, or learned by gradient descent.", [smoothing, neural, training]);
var V = run.VocabSize;                                  // the characters, and token 0, which is both start and stop
var isNeural = run.Get(neural) || run.IsCheck;
run.RequireFor(training, isNeural, "is for learning the table: it needs --neural");

// ---- By counting ------------------------------------------------------------------------------------------------------

Params Count()
{
    var counts = new long[V, V];
    foreach (var (from, to) in run.Corpus.Train.Pairs())
        counts[from, to]++;
    run.Heatmap("How often a character (column) follows another (row)", counts);

    // Probabilities: each row of (smoothed) counts over its sum.
    var table = new double[V, V];
    for (var from = 0; from < V; from++)
    {
        var sum = Enumerable.Range(0, V).Sum(to => counts[from, to] + run.Get(smoothing));
        for (var to = 0; to < V; to++)
            table[from, to] = (counts[from, to] + run.Get(smoothing)) / sum;
    }
    run.Say($"loss on the test words, by hand: {Loss(table):0.0000}");
    run.Say($"samples, by hand: {string.Join(' ', Enumerable.Range(0, 5).Select(i => Sample(table, Key.FromSeed(1).At(i))))}");

    // As a model, the table is one of logits: softmax(ln counts) = counts / sum.
    return new(Log(Tensor.Of([.. counts.Cast<long>().Select(count => (float)count)], [V, V]) + (float)run.Get(smoothing)));
}

// The negative log-likelihood, in nats per character.
double Loss(double[,] table) => run.Corpus.Test.Pairs().Average(pair => -Math.Log(table[pair.From, pair.To]));

// The sampling loop: draw the next character from the row of the last one, until that is the stop. All randomness comes from
// keys: the same key gives the same numbers, and key.At(i) gives independent keys.
string Sample(double[,] table, Key key)
{
    var tokens = new List<int>();
    for (int token = 0, t = 0; (token = Draw(token, key.Uniform(t))) != 0 && tokens.Count < run.BlockSize; t++)
        tokens.Add(token);
    return run.Corpus.Vocabulary.Decode([.. tokens]);

    int Draw(int from, double uniform)                  // the token at which the running sum of probabilities passes it
    {
        var to = 0;
        while ((uniform -= table[from, to]) >= 0 && to < V - 1)
            to++;
        return to;
    }
}

// ---- By gradient descent ----------------------------------------------------------------------------------------------

// makemore.py starts from zeros: every character equally likely after every other.
Params Init(Key key) => new(Tensor.Zeros([V, V]));

// The forward pass: row i of the table has the logits of what comes after character i.
Tensor Forward(Params p, Tensor window) => Gather(p.Logits, window.At(-1, 0));         // (…, 1) → (…, V)

var bigram = Model.FromWindow<Params>(run.Name, run.BlockSize, 1, blank: 0, Init, Forward);

// One training step as a pure function: the loss of a batch and its gradient, and the table moved a little way against that.
// How far is the optimizer's business (AdamW's, unless --optimizer says otherwise). The run is the fold of it over batches.
StepResult<Params> Step(TrainState<Params> state, Batch batch, Key key)
{
    var (loss, grads) = ValueAndGrad(state.Params, p => CrossEntropy(bigram.Forward(p, batch.X), batch.Y, run.LabelSmoothing));
    var (updates, optimizer) = state.Update(grads);
    return new(state.Next(Tree.Zip(state.Params, updates, (w, u) => w + u), optimizer), loss, grads);
}

return isNeural ? run.Fit(bigram, Step) : run.Fit(bigram, Count);

// What a model learns is a record of tensors; its fields name them in model.safetensors.
public sealed record Params(Tensor Logits);
