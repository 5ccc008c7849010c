using Makemore.Tests.Scripts;
using static Makemore.Primitives;

namespace Makemore.Tests;

/// <summary>Names, values, edits and gradients of activations.</summary>
public sealed class LensTests
{
    private const int V = 5, T = 4, C = 6, Heads = 2;

    private static readonly Tensor Ids = Tensor.Of([0, 3, 1, 1], [1, T]);

    /// <summary>A block of attention without its form in the scripts.</summary>
    private sealed record Toy(Embedding Wte, Linear Qkv, Linear Proj, LayerNorm Ln, Linear Head)
    {
        public static Toy Init(Key key) => new(
            Embedding.Init(key.At(0), V, C), Linear.Init(key.At(1), C, 3 * C), Linear.Init(key.At(2), C, C), LayerNorm.Init(C),
            Linear.Init(key.At(3), C, V));

        public Tensor Forward(Tensor ids)
        {
            var x = Wte.Forward(ids);
            for (var layer = 0; layer < 2; layer++)
                x += Attend(x);
            return Head.Forward(Ln.Forward(x));
        }

        private Tensor Attend(Tensor x)
        {
            var parts = Qkv.Forward(x).Split(-1, 3);
            var (q, k, v) = (ByHead(parts[0]), ByHead(parts[1]), ByHead(parts[2]));
            return Proj.Forward(MatMul(Softmax(MaskFuture(MatMul(q, k, transposeB: true))), v).Transpose(1, 2).Flatten(-2));
        }

        private static Tensor ByHead(Tensor x) => x.Reshape([x.Shape[0], x.Shape[1], Heads, -1]).Transpose(1, 2);
    }

    private static readonly Model<Toy, Tensor> Model = Makemore.Model.FromForward("toy", T, Toy.Init, (p, ids) => p.Forward(ids));

    private static readonly Toy P = Toy.Init(Key.FromSeed(1));

    [Fact]
    public void Activations_OfATransformer_AreThoseWrittenOutByHand()
    {
        var run = Lens.Run(Model, P, Ids);
        Assert.Equal(
            [
                "wte", "qkv", "qkv.slice", "qkv.slice:2", "qkv.slice:3", "qkv.reshape", "qkv.transpose", "qkv.reshape:2", "qkv.transpose:2",
                "qkv.reshape:3", "qkv.transpose:3", "qkv.matmul", "qkv.maskfuture", "qkv.softmax", "qkv.matmul:2", "qkv.transpose:4",
                "qkv.reshape:4", "proj", "proj.add", "qkv:2",
            ],
            run.Activations.Select(activation => activation.Name).Take(20));
        var table = P.Wte.Weight.ToArray().Chunk(C).ToArray();
        var first = Ids.ToInts().Select(id => table[id]).ToArray();
        Close(first.SelectMany(row => row), run["wte"]);
        var qkv = first.Select(row => Apply(P.Qkv, row)).ToArray();
        Close(qkv.SelectMany(row => row), run["qkv"]);
        var weights = Enumerable.Range(0, Heads).Select(h => Enumerable.Range(0, T).Select(t => Softmaxed(
            [.. Enumerable.Range(0, t + 1).Select(s => Dot(Part(qkv[t], 0, h), Part(qkv[s], 1, h)))])).ToArray()).ToArray();
        Close(weights.SelectMany(head => head.SelectMany(row => row.Concat(new double[T - row.Length]))), run["qkv.softmax"]);
        var z = Enumerable.Range(0, T).Select(t => Enumerable.Range(0, Heads).SelectMany(h => Enumerable.Range(0, C / Heads).Select(i =>
            (float)Enumerable.Range(0, t + 1).Sum(s => weights[h][t][s] * Part(qkv[s], 2, h)[i]))).ToArray()).ToArray();
        Close(z.SelectMany(row => row), run["qkv.reshape:4"]);
        Close(z.Zip(first, (row, x) => Apply(P.Proj, row).Zip(x, (a, b) => a + b)).SelectMany(row => row), run["proj.add"]);
        Assert.Equal(Model.Forward(P, Ids).ToArray(), run.Logits.ToArray());
        Assert.Equal("qkv.matmul:2", Assert.Single(run.Find("qkv.transpose:4").Operands));
    }

    public static TheoryData<string> Scripts => [.. ScriptFile.Trainable];

    /// <summary>Looking changes nothing, and every activation has a name of its own.</summary>
    [Theory]
    [MemberData(nameof(Scripts))]
    public void Run_OfAScriptsModel_GivesItsLogits(string script) => ScriptModel.Of(script).Check(new IsUnchanged());

    [Theory]
    [InlineData("transformer", 4, 5)]
    [InlineData("tweaks/rms-transformer", 4, 5)]
    [InlineData("modern", 4, 5)]
    [InlineData("wavenet", 0, 0)]
    [InlineData("lstm", 0, 0)]
    [InlineData("mlp", 0, 0)]
    public void HeadsAndStream_OfAScript_AreThoseOfItsLayers(string script, int heads, int sums) =>
        ScriptModel.Of(script).Check(new HasHeads(heads, sums));

    /// <summary>All heads but one replaced by zeros: the same as if the projection had zeros for their outputs.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Ablation_OfAllHeadsButOne_IsAModelWithTheirOutputsZeroed(int kept)
    {
        var heads = Lens.Run(Model, P, Ids).Heads();
        Assert.Equal(["1.1", "1.2", "2.1", "2.2"], heads.Select(head => head.Name));
        var ablated = Lens.With(Model, [.. heads.Where(head => head.Head != kept).Select(head => head.Ablation)]);
        var columns = Enumerable.Range(0, C * C).Select(i => i % C / (C / Heads) == kept ? 1f : 0f).ToArray();
        var zeroed = P with { Proj = P.Proj with { Weight = P.Proj.Weight * Tensor.Of(columns, [C, C]) } };
        Difference.Assert("logits", ablated.Forward(P, Ids).ToArray(), Model.Forward(zeroed, Ids).ToArray(), 1e-6);
        Difference.Assert("step", Stepped(ablated), Model.Forward(zeroed, Ids).At(1, T - 1).ToArray(), 1e-6);
    }

    /// <summary>The gradient with respect to the vector of each character is its finite difference, and its norm is the
    /// saliency.</summary>
    [Fact]
    public void Saliency_OfALogit_IsItsFiniteDifferences()
    {
        const float step = 1e-2f;
        Tensor Of(Tensor logits) => logits.At(1, T - 1).At(1, 2).Reshape([1]);
        float Nudged(int element, float by) => Of(Lens.Run(
            Model, P, Ids, Edit.Add("wte", Tensor.Of([.. Enumerable.Range(0, T * C).Select(i => i == element ? by : 0)], [1, T, C]))).Logits).Item();
        double[] differences = [.. Enumerable.Range(0, T * C).Select(i => (Nudged(i, step) - Nudged(i, -step)) / (2.0 * step))];
        var gradient = Lens.Gradients(Model, P, Ids, Of)["wte"].ToArray();
        var largest = differences.Max(Math.Abs);
        Assert.All(gradient.Index(), found => Assert.Equal(differences[found.Index], found.Item, 2e-3 * largest));
        Assert.All(
            Lens.Saliency(Model, P, Ids, Of).Index(),
            found => Assert.Equal(Math.Sqrt(differences.Chunk(C).ElementAt(found.Index).Sum(d => d * d)), found.Item, 4e-3 * largest));
    }

    /// <summary>A character is looked up in as many windows as it is in; none after the position asked about matters.</summary>
    [Theory]
    [InlineData("mlp")]
    [InlineData("wavenet")]
    [InlineData("gru")]
    [InlineData("modern")]
    public void Saliency_OfAScript_IsThatOfTheCharactersBefore(string script) => ScriptModel.Of(script).Check(new SeesThePast());

    /// <summary>The contribution of a head is how fast the logit changes when its output is scaled.</summary>
    [Fact]
    public void Attribution_OfALogitToHeads_IsItsFiniteDifference()
    {
        const float step = 1e-2f;
        Tensor Of(Tensor logits) => logits.At(1, T - 1).At(1, 2).Reshape([1]);
        foreach (var (head, contribution) in Lens.Attribution(Model, P, Ids, Of))
        {
            Assert.Equal((Scaled(1 + step) - Scaled(1 - step)) / (2 * step), contribution, 1e-3);

            double Scaled(float by) => Of(Lens.Run(Model, P, Ids, new Edit(head.Output!, x => x * Tensor.Of(
                [.. Enumerable.Range(0, Heads).Select(h => h == head.Head ? by : 1)], [Heads, 1, 1]))).Logits).Item();
        }
    }

    [Fact]
    public void Layers_LogitLens_EndsWithTheLogits()
    {
        var layers = Lens.Layers(Model, P, Ids);
        Assert.Equal(["wte", "proj.add", "proj.add:2"], layers.Select(layer => layer.Name));
        Assert.Equal(Model.Forward(P, Ids).ToArray(), layers[^1].Logits.ToArray());
        Difference.Assert(
            "embedding", layers[0].Logits.ToArray(), P.Head.Forward(P.Ln.Forward(P.Wte.Forward(Ids))).ToArray(), 1e-6);
    }

    /// <summary>All of one word's activations in place of another's make its logits.</summary>
    [Fact]
    public void Replace_ByTheEmbeddingOfAnotherWord_GivesItsLogits()
    {
        var other = Tensor.Of([0, 2, 2, 4], [1, T]);
        var patched = Lens.Run(Model, P, Ids, Edit.Replace("wte", Lens.Run(Model, P, other)["wte"]));
        Assert.Equal(Model.Forward(P, other).ToArray(), patched.Logits.ToArray());
    }

    public static TheoryData<Edit, string> BadEdits => new()
    {
        { Edit.Zero("qkw"), "Lens: no activation is named 'qkw'." },
        { Edit.Zero("qkv.softmax", 1, 2), "Edit.Zero: qkv.softmax is (1, 2, 4, 4) and has no index 2 in dimension 1." },
        { Edit.Replace("wte", Tensor.Zeros([1, T, C + 1])), "Lens: the edit of wte gives (1, 4, 7) in place of (1, 4, 6)." },
    };

    [Theory]
    [MemberData(nameof(BadEdits), DisableDiscoveryEnumeration = true)]
    public void Run_BadEdit_SaysWhatIsWrong(Edit edit, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => Lens.Run(Model, P, Ids, edit)).Message);

    /// <summary>A head that looks at the character before and writes it: only the doubled character needs it.</summary>
    [Fact]
    public void Survey_OfHeads_MeasuresWhatTheyAreNeededFor()
    {
        var batch = new Batch(Tensor.Of([0, 1, 2, 2, 0, 3, 3, 1], [2, 4]), Tensor.Of([1, 2, 2, 0, 3, 3, 1, 0], [2, 4]));
        var effects = HeadSurvey.Of(Model, P, [batch]);
        Assert.Equal(["1.1", "1.2", "2.1", "2.2"], effects.Select(effect => effect.Head.Name));
        double[] Nats(Model<Toy, Tensor> model) => [.. (-Sum(LogSoftmax(model.Forward(P, batch.X)) * OneHot(batch.Y, V), -1)).ToArray().Select(nats => (double)nats)];
        var changes = Nats(Lens.With(Model, effects[1].Head.Ablation)).Zip(Nats(Model), (after, before) => after - before).ToArray();
        Assert.Equal(changes.Average(), effects[1].Changes[(int)TokenGroup.All], 1e-5);
        Assert.Equal((changes[2] + changes[5]) / 2, effects[1].Changes[(int)TokenGroup.Doubled], 1e-5);
        Assert.Equal((changes[3] + changes[7]) / 2, effects[1].Changes[(int)TokenGroup.Ends], 1e-5);
        var weights = effects[1].Head.In(Lens.Run(Model, P, batch.X)).ToArray().Chunk(T).ToArray();
        Assert.Equal((weights[3][2] + weights[7][2]) / 2, effects[1].Back[1], 1e-5);
        Assert.Equal((weights[3][0] + weights[7][0]) / 2, effects[1].Start, 1e-5);
    }

    private static float[] Stepped<K>(Model<Toy, K> model)
    {
        var (logits, cache) = (Tensor.Zeros([1, V]), model.Start(P, 1));
        foreach (var id in Ids.ToInts())
            (logits, cache) = model.Step(P, cache, Tensor.Of([id], [1]));
        return logits.ToArray();
    }

    private static void Close(IEnumerable<float> expected, Tensor actual) => Close(expected.Select(value => (double)value), actual);

    private static void Close(IEnumerable<double> expected, Tensor actual) =>
        Assert.All(expected.Index(), value => Assert.Equal(value.Item, actual.ToArray()[value.Index], 1e-5));

    private static float[] Apply(Linear linear, float[] x) =>
        [.. linear.Weight.ToArray().Chunk(x.Length).Zip(linear.Bias!.ToArray(), (row, bias) => (float)(Dot(row, x) + bias))];

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    private static float[] Part(float[] qkv, int which, int head) => [.. qkv.Skip((which * C) + (head * C / Heads)).Take(C / Heads)];

    private static double[] Softmaxed(double[] scores)
    {
        var exponentials = scores.Select(Math.Exp).ToArray();
        return [.. exponentials.Select(value => value / exponentials.Sum())];
    }

    private sealed class IsUnchanged : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var ids = NameBatches.Batch(Makemore.Model.EngineOf(p), "emma", "maximilianoalex").X;
            var run = Lens.Run(model, p, ids);
            Assert.Equal(model.Forward(p, ids).ToArray(), run.Logits.ToArray());
            Assert.NotEmpty(run.Activations);
            Assert.Equal(run.Activations.Length, run.Activations.Select(activation => activation.Name).Distinct().Count());
        }
    }

    private sealed class HasHeads(int heads, int sums) : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var run = Lens.Run(model, p, NameBatches.Batch(Makemore.Model.EngineOf(p), "emma").X);
            Assert.Equal(heads, run.Heads().Length);
            Assert.All(run.Heads(), head => Assert.NotNull(head.Output));
            Assert.Equal(sums, run.Stream().Length);
        }
    }

    private sealed class SeesThePast : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var saliency = Lens.Saliency(
                model, p, Tensor.Of([0, 5, 5, 2, 7], [1, 5], Makemore.Model.EngineOf(p)), logits => logits.At(1, 3).At(1, 1).Reshape([1]));
            Assert.All(saliency.Take(4), norm => Assert.True(norm > 0));
            Assert.Equal(0, saliency[4]);
        }
    }
}
