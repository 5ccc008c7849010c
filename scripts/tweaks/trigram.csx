#!/usr/bin/env dotnet-script
#load "../prelude.csx"
#nullable enable

// A tweak of bigram.csx: the probability of each character after each pair of characters, in a table.
//
// What changed: two characters a, b are one number, a V + b, the row of the table. So looking up a row, counting all triples and
// the loss of the counts are integer arithmetic on tensors, without a loop.

// The bias holds the overall frequencies, so that rows seen rarely fall back on them.
public sealed record Trigram(Tensor Logits, Tensor Bias, int V)
{
    public static Trigram Init(Key key, int V) => new(Tensor.Normal(key, [V * V, V]) * 0.01, Tensor.Zeros([V]), V);

    // The window has the newest character first.
    public Tensor Forward(Tensor window) => Gather(Logits, (window.At(-1, 1) * V) + window.At(-1, 0)) + Bias;   // (…, 2) → (…, V)
}

// The places in a table (V, V, V) of all triples of a sequence: (N).
Tensor Triples(Tensor ids) => (((ids[..^2] * V) + ids[1..^1]) * V) + ids[2..];

// All words in a row. Two stops before each, so that its first character has a full context; what follows (a, stop)
// is never scored.
Tensor Sequence(IEncodedWords words)
{
    int[] ids = [0, 0, .. Enumerable.Range(0, (int)words.Count).SelectMany(word => (int[])[.. words[word], 0, 0])];
    return Tensor.Of(ids, [ids.Length]);
}

// The loss of the counts on the test words, in nats per character.
float CountedLoss()
{
    var (train, test) = (Triples(Sequence(run.Corpus.Train)), Triples(Sequence(run.Corpus.Test)));
    var counts = Tensor.Ones([V * V * V]).IndexAdd(0, train, Tensor.Ones(train.Shape)).Reshape([V * V, V]);
    var losses = Log(Sum(counts, 1, keepDimension: true) / counts).Reshape([-1])[test];             // (N)
    var (first, second) = (test / (V * V), test / V % V);                                           // 2 × (N)
    var counted = Maximum(NotEqual(second, 0), Equal(first, 0));                                    // (N): not after (a, stop)
    return (Sum(losses * counted) / Sum(counted)).Item();
}

var run = Run.Open(Args, "trigram", "A table of triples of characters, learned by gradient descent.",
    [Option.Training(maxSteps: 5000, learningRate: 0.05, weightDecay: 0, batchSize: 128)]);
var V = run.VocabSize;
run.Require((long)V * V * V < int.MaxValue / 4, $"{V} distinct characters are too many for a table of triples");

var trigram = Model.FromWindow(
    run.Name, run.BlockSize, 2, blank: 0, key => Trigram.Init(key, V), (p, window) => p.Forward(window));

return run.Fit(trigram, watch: now =>
{
    if (now is RunEvent.Started<Trigram>)
        run.Say($"loss on the test words, of the counts plus one: {CountedLoss():0.0000}");
});
