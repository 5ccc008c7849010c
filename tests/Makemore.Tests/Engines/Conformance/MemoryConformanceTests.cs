using Makemore.Tests.Scripts;

namespace Makemore.Tests;

/// <summary>No engine leaves anything behind: what a step takes, it gives back. What is held is counted for the whole process,
/// so nothing else may run beside it.</summary>
[Collection(nameof(MemoryConformanceTests))]
[CollectionDefinition(nameof(MemoryConformanceTests), DisableParallelization = true)]
public sealed class MemoryConformanceTests
{
    private const int Steps = 1000;

    [Theory, OnEngine(Engines.Torch)]
    public void Memory_OverAThousandSteps_IsFlat(string engine) =>
        ScriptModel.Of("transformer").Check(new MemoryIsFlat(), engine);

    [Theory, OnEngine(Engines.Torch)]
    public void Memory_OfARegion_IsGivenBackWhenItCloses(string engine)
    {
        var watched = (IWatchedMemory)TestedEngine.Of(engine);
        var x = Tensor.Ones([2, 3], TestedEngine.Of(engine));
        var before = watched.Held;
        using (var region = Region.Root.Open())
        {
            var y = Primitives.Softmax(Primitives.Gelu(x.In(region) * 2)).Reshape([3, 2]).Transpose(0, 1);
            Assert.InRange(watched.Held - before, 1, 10);
            Assert.Equal(6, y.Shape.Size);
        }
        Assert.Equal(before, watched.Held);
    }

    private sealed class MemoryIsFlat : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var engine = Model.EngineOf(p);
            var (optimizer, batch) = (Optimizers.AdamW(1e-3f), NameBatches.Batch(engine, "emma", "olivia", "jo"));
            var start = TrainState<P>.Start(p, optimizer);
            var (early, most) = (long.MaxValue, 0L);
            var step = Training.Step(Training.CrossEntropy(model));
            foreach (var (state, _, _) in Training.Scan(step, start, _ => batch, Key.FromSeed(3)).Take(Steps))
            {
                if (state.Step == Steps / 10)
                    early = HeldAfterCollection(engine);
                if (state.Step > Steps / 10)
                    most = Math.Max(most, ((IWatchedMemory)engine).Held);
                if (state.Step == Steps)
                    Assert.Equal(early, HeldAfterCollection(engine));
            }
            Assert.InRange(most, early, early + (early / 2));
        }

        private static long HeldAfterCollection(IEngine engine)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return ((IWatchedMemory)engine).Held;
        }
    }
}
