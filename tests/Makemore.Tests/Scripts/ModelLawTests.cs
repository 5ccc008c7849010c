namespace Makemore.Tests.Scripts;

/// <summary>The laws of src/DESIGN.md, for the model of every script on each engine.</summary>
public sealed class ModelLawTests
{
    private const double Within = 1e-5;

    public static TheoryData<string> Scripts => ScriptFile.All.Names();

    public static TheoryData<string> Trainable => [.. ScriptFile.Trainable];

    [Theory, OnEngine(Engines.Managed, nameof(Scripts)), OnEngine(Engines.Torch, nameof(Scripts))]
    public void Law1_Forward_AtEveryPosition_IsStepFolded(string engine, string script) =>
        ScriptModel.Of(script).Check(new ForwardEqualsStep(), engine);

    [Theory, OnEngine(Engines.Managed, nameof(Scripts)), OnEngine(Engines.Torch, nameof(Scripts))]
    public void Step_BeyondTheBlock_Continues(string engine, string script) =>
        ScriptModel.Of(script).Check(new StepContinues(), engine);

    [Theory, OnEngine(Engines.Managed, nameof(Trainable)), OnEngine(Engines.Torch, nameof(Trainable))]
    public void Law2_Gradient_OfTheTrainingLoss_IsItsFiniteDifference(string engine, string script) =>
        ScriptModel.Of(script).Check(new GradientAgreesWithFiniteDifferences(), engine);

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Law5_Tree_MappedAndRebuilt_IsTheSame(string script) => ScriptModel.Of(script).Check(new TreeIsTheSame());

    [Theory, OnEngine(Engines.Managed, nameof(Scripts)), OnEngine(Engines.Torch, nameof(Scripts))]
    public void Law6_Logits_BeforeATokenThatChanges_StayAsTheyAre(string engine, string script) =>
        ScriptModel.Of(script).Check(new LogitsDependOnThePastOnly(), engine);

    [Theory, OnEngine(Engines.Managed, nameof(Scripts)), OnEngine(Engines.Torch, nameof(Scripts))]
    public void Logits_OtherWordsInTheBatch_AreTheSame(string engine, string script) =>
        ScriptModel.Of(script).Check(new RowsAreIndependent(), engine);

    [Theory, OnEngine(Engines.Managed, nameof(Scripts))]
    public void Samples_AnyBatchSize_AreTheSame(string engine, string script) =>
        ScriptModel.Of(script).Check(new SamplesAreIndependent(), engine);

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Law4_Logits_OnOneThreadAndTwo_AreTheSameBits(string script) =>
        ScriptModel.Of(script).Check(new ThreadsAgree());

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Init_SameKey_GivesTheSameBits(string script) => ScriptModel.Of(script).Check(new InitIsPure());

    /// <summary>The scripts that are not in the table of those that can be trained.</summary>
    [Fact]
    public void Scripts_WithoutGradients_AreTheNGrams() =>
        Assert.Equal(["ngram"], ScriptFile.All.Select(script => script.Name).Except(ScriptFile.Trainable));

    [Fact]
    public void Law5_LeafNames_AreUniqueAndStable()
    {
        var listed = new LeafNames();
        foreach (var script in ScriptFile.All)
        {
            listed.Lines.Add($"{script.Name}:");
            ScriptModel.Of(script.Name).Check(listed);
        }
        Snapshot.Verify(string.Join('\n', listed.Lines));
    }

    /// <summary>Arbitrary tokens (B, T) on the engine of the parameters.</summary>
    private static Tensor Ids<P>(P p, int batch, int length) => Tensor.Of(
        [.. Enumerable.Range(0, batch * length).Select(i => (int)Key.FromSeed(5).Below(27, i))], [batch, length],
        Model.EngineOf(p));

    /// <summary>Asserts that logits are equal: bit for bit on the managed engine, which guarantees that.</summary>
    private static void AssertSame(string what, IEngine engine, float[] actual, float[] expected) => Difference.Assert(
        what, actual, expected, engine.Name == ManagedEngine.Default.Name ? 0 : Within);

    private static float[] Position(Tensor logits, int t) => logits.At(1, t).ToArray();

    private sealed class ForwardEqualsStep : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var ids = NameBatches.Batch(Model.EngineOf(p), "emma", "maximilianoalex", "jo", "zoey").X;
            Assert.Equal(model.BlockSize, ids.Shape[1]);
            var (forward, cache) = (model.Forward(p, ids), model.Start(p, ids.Shape[0]));
            for (var t = 0; t < model.BlockSize; t++)
            {
                (var logits, cache) = model.Step(p, cache, ids.At(1, t));
                Difference.Assert($"position {t}", logits.ToArray(), Position(forward, t), Within);
            }
        }
    }

    private sealed class StepContinues : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var ids = Ids(p, 2, 3 * model.BlockSize);
            var cache = model.Start(p, 2);
            for (var t = 0; t < ids.Shape[1]; t++)
            {
                (var logits, cache) = model.Step(p, cache, ids.At(1, t));
                Assert.Equal([2, 27], logits.Shape.ToArray());
                Assert.All(logits.ToArray(), logit => Assert.True(float.IsFinite(logit)));
            }
        }
    }

    private sealed class GradientAgreesWithFiniteDifferences : IModelCheck
    {
        private const double Allowed = 0.02;

        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var batch = NameBatches.Batch(Model.EngineOf(p), "emma", "olivia", "jo");
            var rows = GradientCheck.Run(
                p, q => Primitives.CrossEntropy(model.Train(q, batch, Key.FromSeed(3)).Logits, batch.Y), Key.FromSeed(4));
            Assert.Equal(Training.Trainable(p).Select(leaf => leaf.Name), rows.Select(row => row.Name));
            Assert.All(rows, row => Assert.True(row.Error <= Allowed, $"{row}"));
            Assert.Contains(rows, row => row.Largest > 1e-3);
        }
    }

    private sealed class TreeIsTheSame : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            Assert.Equal(Tree.Leaves(p), Tree.Leaves(Tree.Map(p, tensor => tensor)));
            Assert.Equal(Tree.Leaves(p), Tree.Leaves(Tree.Rebuild(p, Tree.Tensors(p))));
            var copies = Tree.Tensors(p).Select(tensor => tensor.In(Region.Root)).ToArray();
            var rebuilt = Tree.Rebuild(p, copies);
            Assert.Equal(copies, Tree.Tensors(rebuilt));
            Assert.Equal(Tree.Leaves(p).Select(leaf => leaf.Name), Tree.Leaves(rebuilt).Select(leaf => leaf.Name));
        }
    }

    private sealed class LogitsDependOnThePastOnly : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var ids = Ids(p, 3, model.BlockSize);
            var before = model.Forward(p, ids);
            foreach (var t in new[] { 0, 1, 6, model.BlockSize - 2 })
            {
                var after = model.Forward(p, Primitives.Concat(1, ids.Slice(1, 0, t + 1), Other(ids, t + 1)));
                for (var i = 0; i <= t; i++)
                    AssertSame($"position {i}", ids.Engine, Position(after, i), Position(before, i));
                Assert.NotEqual(Position(before, t + 1), Position(after, t + 1));
            }
        }

        private static Tensor Other(Tensor ids, int from)
        {
            var rest = ids.Slice(1, from, ids.Shape[1] - from);
            return Tensor.Of([.. rest.ToInts().Select(id => (id + 7) % 27)], rest.Shape, rest.Engine);
        }
    }

    private sealed class RowsAreIndependent : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var ids = Ids(p, 5, model.BlockSize);
            var together = model.Forward(p, ids);
            for (var row = 0; row < 5; row++)
                AssertSame($"row {row}", ids.Engine, model.Forward(p, ids.Slice(0, row, 1)).ToArray(), together.At(0, row).ToArray());
        }
    }

    private sealed class SamplesAreIndependent : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var (key, options) = (Key.FromSeed(9), new SamplingOptions(MaxLength: 2 * model.BlockSize));
            var alone = Words(40, batchSize: 1);
            Assert.True(alone.Select(word => word.Tokens.Count).Distinct().Count() > 5);
            Assert.Equal(alone, Words(40, batchSize: 40), SameWord);
            Assert.Equal(alone[..30], Words(30, batchSize: 7), SameWord);

            Sample[] Words(int count, int batchSize) => [.. Sampler.Words(model, p, key, count, options, [3, 1], batchSize)];
        }

        private static bool SameWord(Sample a, Sample b) => a.IsFinished == b.IsFinished && a.Tokens.SequenceEqual(b.Tokens);
    }

    private sealed class ThreadsAgree : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var one = model.Forward(p, Ids(p, 200, model.BlockSize));
            var engine = ManagedEngine.Create(2);
            var two = model.Forward(Tree.To(p, engine), Ids(p, 200, model.BlockSize).To(engine));
            Assert.Same(engine, two.Engine);
            Assert.Equal(one.ToArray(), two.ToArray());
        }
    }

    private sealed class InitIsPure : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var (first, again, other) = (Init(1), Init(1), Init(2));
            Assert.Equal(first, again);
            // Zeros and counts are the same for every key.
            Assert.Equal(model.Name is "bigram" or "ngram", first.Zip(other, (a, b) => a.SequenceEqual(b)).All(isSame => isSame));

            float[][] Init(long seed) =>
                [.. Tree.Tensors(model.Init(Key.FromSeed(seed))).Select(Values)];
        }

        private static float[] Values(Tensor tensor) => tensor.Type == ElementType.Float32
            ? tensor.ToArray()
            : Array.ConvertAll(tensor.ToInts(), value => (float)value);
    }

    private sealed class LeafNames : IModelCheck
    {
        public List<string> Lines { get; } = [];

        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var leaves = Tree.Leaves(p);
            Assert.Equal(leaves.Count, leaves.DistinctBy(leaf => leaf.Name).Count());
            Lines.AddRange(leaves.Select(
                leaf => $"  {leaf.Name} {leaf.Value.Shape}{(leaf.IsBuffer ? ", buffer" : "")}"));
        }
    }
}
