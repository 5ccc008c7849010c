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

// What a model learns is a record of tensors; in a saved file this one is called logits. Logits are logarithms of
// probabilities, up to a constant: softmax turns them into probabilities. Row i has those of what comes after character i.
public sealed record Bigram(Tensor Logits)
{
    // makemore.py starts from zeros: every character equally likely after every other.
    public static Bigram Init(int V) => new(Tensor.Zeros([V, V]));

    // The last character of each context → the logits of the next one. A comment at the end of a line has the shape: V is the
    // number of tokens, … stands for any dimensions, such as words and positions.
    public Tensor Forward(Tensor window) => Gather(Logits, window.At(-1, 0));           // (…, 1) → (…, V)
}

var smoothing = Option.Number("--smoothing", 1.0, "what is added to every count, times 27 / V where there are V > 27 tokens");
var neural = Option.Switch("--neural", "learn the table by gradient descent instead of counting");
var training = Option.Training(maxSteps: 5000, learningRate: 0.01, weightDecay: 0, batchSize: 128);
var run = Run.Open(
    Args, "bigram", "A table of pairs of characters, counted, or learned by gradient descent.", [smoothing, neural, training]);
var V = run.VocabSize;                                  // the characters, and token 0, which is both start and stop
// A row of thousands of characters has few counts, which 1 for each would drown: what is added to a row stays as for 27.
var added = run.Get(smoothing) * Math.Min(1, 27.0 / V);
var isNeural = run.Get(neural) || run.IsCheck;
run.RequireFor(training, isNeural, "is for learning the table: it needs --neural");

// ---- By counting ------------------------------------------------------------------------------------------------------

Bigram Count()
{
    var counts = new long[V, V];
    foreach (var (from, to) in run.Corpus.Train.Pairs())
        counts[from, to]++;
    run.Heatmap("How often a character (column) follows another (row)", counts);

    // Probabilities: each row of (smoothed) counts over its sum.
    var table = new double[V, V];
    for (var from = 0; from < V; from++)
    {
        var sum = Enumerable.Range(0, V).Sum(to => counts[from, to] + added);
        for (var to = 0; to < V; to++)
            table[from, to] = (counts[from, to] + added) / sum;
    }
    run.Say($"loss on the test words, by hand: {Loss(table):0.0000}");
    run.Say($"samples, by hand: {string.Join(' ', Enumerable.Range(0, 5).Select(i => Sample(table, Key.FromSeed(1).At(i))))}");

    // As a model, the table is one of logits: softmax(ln counts) = counts / sum.
    return new(Log(Tensor.Of([.. counts.Cast<long>().Select(count => (float)count)], [V, V]) + (float)added));
}

// The negative log-likelihood, in nats per character.
double Loss(double[,] table) => run.Corpus.Test.Pairs().Average(pair => -Math.Log(table[pair.From, pair.To]));

// The sampling loop: draw the next character from the row of the last one, until that is the stop. All randomness comes from
// keys: the same key gives the same numbers, and key.At(i) gives independent keys.
string Sample(double[,] table, Key key)
{
    var tokens = new List<int>();
    var token = 0;
    while (tokens.Count < run.BlockSize)
    {
        token = Draw(token, key.Uniform(tokens.Count));
        if (token == 0)
            break;
        tokens.Add(token);
    }
    return run.Corpus.Vocabulary.Show([.. tokens]);

    int Draw(int from, double uniform)                  // the token at which the running sum of probabilities passes it
    {
        var to = 0;
        while ((uniform -= table[from, to]) >= 0 && to < V - 1)
            to++;
        return to;
    }
}

// ---- By gradient descent ----------------------------------------------------------------------------------------------

// A model of the last character: a window of 1. Token 0 stands where there is none yet.
var bigram = Model.FromWindow(run.Name, run.BlockSize, 1, blank: 0, key => Bigram.Init(V), (p, window) => p.Forward(window));

// One training step as a pure function: the loss of a batch, its gradient, and an update that moves the table a little way
// against it. Plain gradient descent updates w by -0.1 g or so; the optimizer (AdamW, unless --optimizer names another) also
// scales each number by the size of its past gradients. The training run is the fold of this step over batches.
StepResult<Bigram> Step(TrainState<Bigram> state, Batch batch, Key key)
{
    var (loss, grads) = ValueAndGrad(state.Params, p => CrossEntropy(bigram.Forward(p, batch.X), batch.Y, run.LabelSmoothing));
    var (updates, optimizer) = state.Update(grads);
    return new(state.Next(Tree.Zip(state.Params, updates, (w, u) => w + u), optimizer), loss, grads);
}

return isNeural ? run.Fit(bigram, Step) : run.Fit(bigram, Count);
