using Makemore.Tests.Scripts;

namespace Makemore.Tests;

/// <summary>Batches in parts: the same bits at any number of ranks, and the step of a whole batch but for rounding.</summary>
public sealed class PartedTrainingTests
{
    private const int Parts = 4, Steps = 5;

    // A window, a recurrence, statistics of the batch, attention.
    [Theory, InlineData("mlp"), InlineData("lstm"), InlineData("batchnorm"), InlineData("wavenet"), InlineData("transformer")]
    public void Step_OnAnyNumberOfRanks_IsThatOfTheWholeBatch(string script) => ScriptModel.Of(script).Check(new SameAtAnyRanks());

    /// <summary>A sum of floats depends on its order, so that only one tree gives these bits.</summary>
    [Fact]
    public void Sum_OverRanks_IsThatOfTheTree()
    {
        var parts = Enumerable.Range(0, 8).Select(i => Key.FromSeed(i).Normals(37)).ToArray();
        var expected = Enumerable.Range(0, 37).Select(i =>
            ((parts[0][i] + parts[1][i]) + (parts[2][i] + parts[3][i])) + ((parts[4][i] + parts[5][i]) + (parts[6][i] + parts[7][i])));
        foreach (var count in new[] { 1, 2, 4, 8 })
            Assert.All(
                ThreadRanks.Run(count, ranks =>
                {
                    float[][] own = [.. parts.Chunk(8 / count).ElementAt(ranks.Rank).Select(part => part.ToArray())];
                    PartSums.Add(own);
                    PartSums.Add(ranks, own[0]);
                    return own[0];
                }),
                sum => Assert.Equal(expected, sum));
    }

    [Theory, InlineData(3, 1), InlineData(4, 3), InlineData(2, 4)]
    public void Step_OfPartsThatDoNotDivide_IsRefused(int parts, int ranks) => Assert.Throws<ArgumentException>(() =>
        PartedTraining.Step<Linear>((_, _, _) => throw new InvalidOperationException(), parts, new ThreadRanks(0, new byte[ranks][], new(1)), 1));

    private sealed class SameAtAnyRanks : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var one = Train(Ranks.One, threads: 1);
            Assert.Equal(one, Train(Ranks.One, threads: 3));
            foreach (var count in new[] { 2, 4 })
                Assert.All(ThreadRanks.Run(count, ranks => Train(ranks, threads: 1)), trained => Assert.Equal(one, trained));
            var whole = Run(Training.Step(Training.CrossEntropy(model)));
            Assert.All(one.Zip(whole), leaf => Assert.All(leaf.Item1.Zip(leaf.Item2), pair => Assert.Equal(pair.Item2, pair.Item1, 1e-3f)));
            Assert.NotEqual(one, whole);

            float[][] Train(IRanks ranks, int threads) =>
                Run(PartedTraining.Step(Training.CrossEntropy(model), Parts, ranks, threads));

            float[][] Run(TrainStep<P> step)
            {
                // An engine of its own, because ranks are threads.
                var engine = ManagedEngine.Create(1);
                var optimizer = Transforms.ClipByGlobalNorm(0.5f).Then(Optimizers.Sgd(0.1f, 0.9f, false, 0, Schedules.Constant, null));
                var last = Training.Scan(
                        step, TrainState<P>.Start(Tree.To(p, engine), optimizer), i => NameBatches.Drawn(engine, i), Key.FromSeed(4))
                    .Select(result => (result.State, Loss: result.Loss.Item())).ElementAt(Steps - 1);
                return [.. Tree.Tensors(last.State.Params).Select(tensor => tensor.ToArray()), [last.Loss]];
            }
        }
    }
}
