using Makemore.Tests.Scripts;

namespace Makemore.Tests;

/// <summary>No engine leaks: a step returns all buffers that it allocates. Buffers are counted for the whole process, so nothing
/// else may run at the same time.</summary>
[Collection(nameof(MemoryConformanceTests))]
[CollectionDefinition(nameof(MemoryConformanceTests), DisableParallelization = true)]
public sealed class MemoryConformanceTests
{
    private const int Steps = 2000;

    [Theory, OnEngine(Engines.Torch)]
    public void Memory_OverTwoThousandSteps_IsFlat(string engine) =>
        ScriptModel.Of("transformer").Check(new MemoryIsFlat(), engine);

    [Theory, OnEngine(Engines.Torch)]
    public void Buffers_OfARegion_AreReturnedWhenItCloses(string engine)
    {
        var statistics = (IMemoryStatistics)TestedEngine.Of(engine);
        var x = Tensor.Ones([2, 3], TestedEngine.Of(engine));
        var before = statistics.LiveBuffers;
        using (var region = Region.Root.Open())
        {
            var y = Primitives.Softmax(Primitives.Gelu(x.In(region) * 2)).Reshape([3, 2]).Transpose(0, 1);
            Assert.InRange(statistics.LiveBuffers - before, 1, 10);
            Assert.Equal(6, y.Shape.Size);
        }
        Assert.Equal(before, statistics.LiveBuffers);
    }

    private sealed class MemoryIsFlat : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var engine = Model.EngineOf(p);
            var (optimizer, batch) = (Optimizers.AdamW(1e-3f), NameBatches.Batch(engine, "emma", "olivia", "jo"));
            var start = TrainState<P>.Start(p, optimizer);
            var (early, max) = (long.MaxValue, 0L);
            var step = Training.Step(Training.CrossEntropy(model));
            foreach (var (state, _, _) in Training.Scan(step, start, _ => batch, Key.FromSeed(3)).Take(Steps))
            {
                if (state.Step == Steps / 10)
                    early = LiveAfterCollection(engine);
                if (state.Step > Steps / 10)
                    max = Math.Max(max, ((IMemoryStatistics)engine).LiveBuffers);
                if (state.Step == Steps)
                    Assert.Equal(early, LiveAfterCollection(engine));
            }
            Assert.InRange(max, early, early + (early / 2));
        }

        private static long LiveAfterCollection(IEngine engine)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return ((IMemoryStatistics)engine).LiveBuffers;
        }
    }
}
