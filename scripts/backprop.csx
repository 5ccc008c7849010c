#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// Backpropagation by hand: lecture 4 of makemore, "Becoming a backprop ninja", https://www.youtube.com/watch?v=q8SA3rM6ckI.
//
// New since batchnorm.csx: the gradients. Every other script leaves them to ValueAndGrad; here each is written out, step by
// step from the loss back to the embedding, and compared with autograd's. Nothing is trained. Change a line of Backward, and
// see which lines of the output no longer say "ok".
//
// dx is the gradient of the loss with respect to x, and has the shape of x. Four rules are enough:
//   - a product passes each factor the gradient times the other factor;
//   - a sum passes its gradient to every term, and a value that was broadcast sums the gradient over its copies;
//   - a function passes on the gradient times its derivative;
//   - a value that is used twice adds up what comes back from both places.

var run = Run.Open(Args, "backprop", "Every gradient of an MLP with batch normalization, by hand (lecture 4).", []);
var (V, n, context, E, H) = (run.VocabSize, 32, 3, 10, 64);
var key = Key.FromSeed(run.Seed);
var (ids, targets) = Examples(key.At(0));
var y = OneHot(targets);                                                            // (n, V)
var p = Init(key.At(1));

var (loss, graph, _, autograd) = ValueAndRetainedGrads(p, q => Forward(q));
var byHand = Backward(graph);
run.Say($"loss {loss.Item():0.0000}; its gradients by hand against autograd's, step by step:");
var pairs = Tree.Leaves(byHand).Zip(Tree.Leaves(autograd), (mine, its) => (mine.Name, Mine: mine.Value, Its: its.Value));
var wrong = pairs.Reverse().Count(pair => !Agree("d" + pair.Name, pair.Mine, pair.Its));

run.Say("in one line each:");
wrong += Agree("dlogits", CrossEntropyBackward(graph), autograd.Logits) ? 0 : 1;
wrong += Agree("dhprebn", BatchNormBackward(graph, autograd.Hpreact), autograd.Hprebn) ? 0 : 1;
run.Say(wrong == 0 ? "all agree" : $"{wrong} differ");
return wrong == 0 ? 0 : 1;

// The lecture's network, in steps so small that one rule is enough for each.
(Tensor, Graph) Forward(Params p)
{
    var emb = Gather(p.C, ids);                                                     // (n, 3, E)
    var embcat = emb.Flatten(1);                                                    // (n, 3·E)
    var hprebn = MatMul(embcat, p.W1) + p.B1;                                       // (n, H)
    // Batch normalization
    var bnmeani = Sum(hprebn, 0) / n;                                               // (H)
    var bndiff = hprebn - bnmeani;                                                  // (n, H)
    var bndiff2 = bndiff * bndiff;                                                  // (n, H)
    var bnvar = Sum(bndiff2, 0) / (n - 1);                                          // (H), unbiased
    var bnvarInv = Power(bnvar + 1e-5f, -0.5f);                                     // (H)
    var bnraw = bndiff * bnvarInv;                                                  // (n, H)
    var hpreact = (p.Bngain * bnraw) + p.Bnbias;                                    // (n, H)
    var h = Tanh(hpreact);                                                          // (n, H)
    var logits = MatMul(h, p.W2) + p.B2;                                            // (n, V)
    // Cross-entropy
    var logitMaxes = Max(logits, 1, keepDimension: true);                           // (n, 1)
    var normLogits = logits - logitMaxes;                                           // (n, V), so that exp cannot overflow
    var counts = Exp(normLogits);                                                   // (n, V)
    var countsSum = Sum(counts, 1, keepDimension: true);                            // (n, 1)
    var countsSumInv = Power(countsSum, -1);                                        // (n, 1)
    var probs = counts * countsSumInv;                                              // (n, V)
    var logprobs = Log(probs);                                                      // (n, V)
    var loss = -Sum(logprobs * y) / n;                                              // (): y picks the target of each row
    return (loss, new(
        p.C, emb, embcat, p.W1, p.B1, hprebn, bnmeani, bndiff, bndiff2, bnvar, bnvarInv, bnraw, p.Bngain, p.Bnbias, hpreact,
        h, p.W2, p.B2, logits, logitMaxes, normLogits, counts, countsSum, countsSumInv, probs, logprobs));
}

// The same steps in reverse: the values of the forward pass go in, their gradients come out.
Graph Backward(Graph x)
{
    // Cross-entropy
    var dlogprobs = -y / n;                                                         // (n, V): the loss reads the targets only
    var dprobs = dlogprobs / x.Probs;                                               // (n, V): ln′ u = 1/u
    var dcountsSumInv = Sum(dprobs * x.Counts, 1, keepDimension: true);             // (n, 1): broadcast over the row
    var dcountsSum = -dcountsSumInv * x.CountsSumInv * x.CountsSumInv;              // (n, 1): (1/u)′ = −1/u²
    var dcounts = (dprobs * x.CountsSumInv) + dcountsSum;                           // (n, V): used twice, in probs and countsSum
    var dnormLogits = dcounts * x.Counts;                                           // (n, V): exp′ = exp
    var dlogitMaxes = -Sum(dnormLogits, 1, keepDimension: true);                    // (n, 1): 0: a shift changes no probability
    var dlogits = dnormLogits + (dlogitMaxes * Equal(x.Logits, x.LogitMaxes));      // (n, V): the maximum is one of the logits

    // Output layer. Of a matrix product c = a · b: da = dc · bᵀ and db = aᵀ · dc, the only way the shapes fit
    var dh = MatMul(dlogits, x.W2, transposeB: true);                               // (n, H) = (n, V) · (V, H)
    var dW2 = MatMul(x.H, dlogits, transposeA: true);                               // (H, V) = (H, n) · (n, V)
    var dB2 = Sum(dlogits, 0);                                                      // (V): broadcast over the batch
    var dhpreact = dh * (1 - (x.H * x.H));                                          // (n, H): tanh′ = 1 − tanh²

    // Batch normalization
    var dBngain = Sum(dhpreact * x.Bnraw, 0);                                       // (H): broadcast over the batch
    var dBnbias = Sum(dhpreact, 0);                                                 // (H)
    var dbnraw = dhpreact * x.Bngain;                                               // (n, H)
    var dbnvarInv = Sum(dbnraw * x.Bndiff, 0);                                      // (H): broadcast over the batch
    var dbnvar = dbnvarInv * -0.5f * Power(x.Bnvar + 1e-5f, -1.5f);                 // (H): (u^−½)′ = −½ u^−³ᐟ²
    var dbndiff2 = BroadcastTo(dbnvar / (n - 1), [n, H]);                           // (n, H): a sum passes it to every term
    var dbndiff = (dbnraw * x.BnvarInv) + (2 * x.Bndiff * dbndiff2);                // (n, H): used twice, in bnraw and bndiff2
    var dbnmeani = -Sum(dbndiff, 0);                                                // (H): broadcast over the batch
    var dhprebn = dbndiff + (dbnmeani / n);                                         // (n, H): used twice, in bndiff and bnmeani

    // Hidden layer and embedding
    var dembcat = MatMul(dhprebn, x.W1, transposeB: true);                          // (n, 3·E) = (n, H) · (H, 3·E)
    var dW1 = MatMul(x.Embcat, dhprebn, transposeA: true);                          // (3·E, H) = (3·E, n) · (n, H)
    var dB1 = Sum(dhprebn, 0);                                                      // (H): 0: bnmeani takes any bias away again
    var demb = dembcat.Reshape([n, context, E]);                                    // (n, 3, E): the same numbers, other shape
    // A lookup is a product of one-hot rows and the table; the gradient of a row adds up over all places that looked it up
    var dC = MatMul(OneHot(ids.Reshape([-1])), demb.Reshape([-1, E]), transposeA: true);   // (V, E) = (V, 3·n) · (3·n, E)

    return new(
        dC, demb, dembcat, dW1, dB1, dhprebn, dbnmeani, dbndiff, dbndiff2, dbnvar, dbnvarInv, dbnraw, dBngain, dBnbias, dhpreact,
        dh, dW2, dB2, dlogits, dlogitMaxes, dnormLogits, dcounts, dcountsSum, dcountsSumInv, dprobs, dlogprobs);
}

// The eight steps of cross-entropy, simplified on paper: the probability of each character, less 1 for the target.
Tensor CrossEntropyBackward(Graph x) => (Softmax(x.Logits) - y) / n;                // (n, V)

// The seven of batch normalization: the gradient without its mean, and without its component along bnraw.
Tensor BatchNormBackward(Graph x, Tensor dhpreact) =>                               // (n, H)
    x.Bngain * x.BnvarInv / n
    * ((n * dhpreact) - Sum(dhpreact, 0) - (x.Bnraw * Sum(dhpreact * x.Bnraw, 0) * (n / (n - 1f))));

// The lecture's initialization: no bias at 0 and no gain at 1, where a wrong gradient could hide.
Params Init(Key key) => new(
    Normal(key.At(0), [V, E], 1),
    Normal(key.At(1), [context * E, H], 5f / 3 / MathF.Sqrt(context * E)), Normal(key.At(2), [H], 0.1f),
    1 + Normal(key.At(3), [H], 0.1f), Normal(key.At(4), [H], 0.1f),
    Normal(key.At(5), [H, V], 0.1f), Normal(key.At(6), [V], 0.1f));

Tensor Normal(Key key, Shape shape, float deviation) => Tensor.Of(key.Normals(shape.Size), shape) * deviation;

// A batch: three characters of a word (n, 3), padded with 0 in front, and the one that follows (n).
(Tensor Ids, Tensor Targets) Examples(Key key)
{
    var (contexts, targets) = (new List<int>(), new List<int>());
    for (var i = 0; i < n; i++)
    {
        int[] word = [0, 0, 0, .. run.Corpus.Train[key.Below(run.Corpus.Train.Count, 2 * i)], 0];
        var at = context + (int)key.Below(word.Length - context, (2 * i) + 1);
        contexts.AddRange(word[(at - context)..at]);
        targets.Add(word[at]);
    }
    return (Tensor.Of([.. contexts], [n, context]), Tensor.Of([.. targets], [n]));
}

// Rows of the identity matrix: ids (n) → (n, V), 1 at the id and 0 elsewhere.
Tensor OneHot(Tensor ids) =>
    Gather(Tensor.Of([.. Enumerable.Range(0, V * V).Select(i => i / V == i % V ? 1f : 0f)], [V, V]), ids);

// One line for each gradient: the largest difference, relative to the largest gradient. Where that is 0 but for rounding
// (dlogitMaxes and db1), the difference is absolute.
bool Agree(string name, Tensor byHand, Tensor autograd)
{
    var largest = Largest(autograd);
    var difference = Largest(byHand - autograd) / (largest < 1e-6f ? 1 : largest);
    var isRight = byHand.Shape == autograd.Shape && difference <= 1e-6f;
    var numbers = $"largest {largest:0.0e+0}  difference {difference:0.0e+0}";
    run.Say($"{name,-15} {autograd.Shape,-11} {numbers}  {(isRight ? "ok" : "WRONG")}");
    return isRight;
}

float Largest(Tensor x) => x.ToArray().Aggregate(0f, (largest, value) => MathF.Max(largest, MathF.Abs(value)));

public sealed record Params(Tensor C, Tensor W1, Tensor B1, Tensor Bngain, Tensor Bnbias, Tensor W2, Tensor B2);

// Every value of the forward pass; and, since a gradient has the shape of its value, every gradient of the backward pass.
public sealed record Graph(
    [Leaf("C")] Tensor C, Tensor Emb, Tensor Embcat, [Leaf("W1")] Tensor W1, [Leaf("b1")] Tensor B1, Tensor Hprebn,
    Tensor Bnmeani, Tensor Bndiff, [Leaf("bndiff2")] Tensor Bndiff2, Tensor Bnvar, Tensor BnvarInv, Tensor Bnraw,
    Tensor Bngain, Tensor Bnbias, Tensor Hpreact, Tensor H, [Leaf("W2")] Tensor W2, [Leaf("b2")] Tensor B2, Tensor Logits,
    Tensor LogitMaxes, Tensor NormLogits, Tensor Counts, Tensor CountsSum, Tensor CountsSumInv, Tensor Probs, Tensor Logprobs);
