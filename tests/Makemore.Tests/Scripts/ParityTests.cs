using System.Text.RegularExpressions;
using Makemore.Tests.Script;

namespace Makemore.Tests.Scripts;

/// <summary>The model of every script, on each engine, against PyTorch with the same parameters on the same batch.</summary>
/// <remarks>Parity/generate.py generates the fixtures from the models in tests/PyTorch. It can also generate fixtures of other
/// sizes and seeds; the environment variable MAKEMORE_PARITY names their folder.</remarks>
public sealed partial class ParityTests
{
    private const double LogitsWithin = 1e-5, GradientsWithin = 1e-4;

    private static readonly string Folder = Environment.GetEnvironmentVariable("MAKEMORE_PARITY") is { Length: > 0 } given
        ? given
        : Path.Combine(HostProcess.Repository, "tests", "Makemore.Tests", "Parity");

    private static readonly string[] Fixtures =
        [.. Directory.GetFiles(Folder, "*.safetensors").Select(path => Path.GetFileNameWithoutExtension(path)!).Order()];

    public static TheoryData<string> Models => [.. Fixtures];

    [Fact]
    public void Fixtures_AllScriptsThatCanBeTrained_HaveOne() => Assert.Equal(
        ScriptFile.Trainable.Where(name => !name.Contains('/')).Order(StringComparer.Ordinal),
        Fixtures.Order(StringComparer.Ordinal));

    [Theory, OnEngine(Engines.Managed, nameof(Models)), OnEngine(Engines.Torch, nameof(Models))]
    public void Leaves_Model_AreThoseOfPyTorch(string engine, string model) => Check(engine, model, fixture => new LeavesMatch(fixture));

    [Theory, OnEngine(Engines.Managed, nameof(Models)), OnEngine(Engines.Torch, nameof(Models))]
    public void LogitsAndLoss_Training_AgreeWithPyTorch(string engine, string model) => Check(engine, model, fixture => new LogitsMatch(fixture));

    [Theory, OnEngine(Engines.Managed, nameof(Models)), OnEngine(Engines.Torch, nameof(Models))]
    public void Logits_Evaluation_AgreeWithPyTorch(string engine, string model) => Check(engine, model, fixture => new EvaluationMatches(fixture));

    [Theory, OnEngine(Engines.Managed, nameof(Models)), OnEngine(Engines.Torch, nameof(Models))]
    public void GradientsAndStatistics_ArePyTorchs(string engine, string model) => Check(engine, model, fixture => new GradientsMatch(fixture));

    [Theory, OnEngine(Engines.Managed, nameof(Models)), OnEngine(Engines.Torch, nameof(Models))]
    public void ThreeStepsOfAdamW_ArePyTorchs(string engine, string model) => Check(engine, model, fixture => new StepsMatch(fixture));

    private static void Check(string engine, string model, Func<Fixture, IModelCheck> check)
    {
        var file = Path.Combine(Folder, $"{model}.safetensors");
        var fixture = new Fixture(Safetensors.Read(file, TestedEngine.Of(engine)).Value());
        ScriptModel.Of(model, fixture.Sizes).Check(check(fixture), engine);
    }

    [GeneratedRegex(@"(?:\bh|\blayers)\.(\d+)\.")]
    private static partial Regex Layer();

    /// <summary>The fixture of a model.</summary>
    private sealed class Fixture(TensorFile file)
    {
        private readonly Dictionary<string, Tensor> _tensors = file.Leaves.ToDictionary(leaf => leaf.Name, leaf => leaf.Value);

        /// <summary>The sizes as options. The number of layers is counted from the leaves, because the metadata only has that of the
        /// Transformer.</summary>
        public (string Option, string Value)[] Sizes =>
        [
            ("--n-layer", $"{Names.Select(name => Layer().Match(name).Groups[1].Value).Distinct().Count(n => n != "")}"),
            ("--n-head", file.Metadata["n_head"]),
            ("--n-embd", file.Metadata["n_embd"]),
            ("--n-embd2", file.Metadata["n_embd2"]),
            ("--block-size", file.Metadata["block_size"]),
        ];

        public Batch Batch => new(_tensors["x"], _tensors["y"]);

        public Tensor this[string name] => _tensors[name];

        public bool Has(string name) => _tensors.ContainsKey(name);

        /// <summary>The names of the parameters and the buffers.</summary>
        public IEnumerable<string> Names => _tensors.Keys.Where(name => name.StartsWith("param/") || name.StartsWith("buffer/"));

        public static string NameOf(Leaf leaf) => (leaf.IsBuffer ? "buffer/" : "param/") + leaf.Name;

        /// <summary>These parameters as a model's record.</summary>
        public P Fill<P>(P template) => Tree.Rebuild(template, [.. Tree.Leaves(template).Select(leaf => this[NameOf(leaf)])]);

        /// <summary>Asserts that a tensor agrees with the one of a name.</summary>
        public void Match(string name, Tensor actual, double within)
        {
            Assert.Equal(this[name].Shape.ToArray(), actual.Shape.ToArray());
            Difference.Assert(name, actual.ToArray(), this[name].ToArray(), within);
        }
    }

    private sealed class LeavesMatch(Fixture fixture) : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            Assert.Equal(fixture.Names.Order(), Tree.Leaves(p).Select(Fixture.NameOf).Order());
            Assert.All(
                Tree.Leaves(p),
                leaf => Assert.Equal(fixture[Fixture.NameOf(leaf)].Shape.ToArray(), leaf.Value.Shape.ToArray()));
        }
    }

    private sealed class LogitsMatch(Fixture fixture) : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var (logits, _) = model.Train(fixture.Fill(p), fixture.Batch, Key.FromSeed(0));
            fixture.Match("logits", logits, LogitsWithin);
            fixture.Match("loss", Primitives.CrossEntropy(logits, fixture.Batch.Y), LogitsWithin);
        }
    }

    private sealed class EvaluationMatches(Fixture fixture) : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class =>
            fixture.Match(
                fixture.Has("eval_logits") ? "eval_logits" : "logits", model.Forward(fixture.Fill(p), fixture.Batch.X),
                LogitsWithin);
    }

    private sealed class GradientsMatch(Fixture fixture) : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var (_, updated, grads) = Gradients.ValueAndGrad(fixture.Fill(p), q =>
            {
                var (logits, after) = model.Train(q, fixture.Batch, Key.FromSeed(0));
                return (Primitives.CrossEntropy(logits, fixture.Batch.Y), after);
            });
            foreach (var leaf in Tree.Leaves(grads).Where(leaf => !leaf.IsBuffer))
                fixture.Match($"grad/{leaf.Name}", leaf.Value, GradientsWithin);
            foreach (var leaf in Tree.Leaves(updated).Where(leaf => leaf.IsBuffer))
                fixture.Match($"buffer_after/{leaf.Name}", leaf.Value, GradientsWithin);
        }
    }

    private sealed class StepsMatch(Fixture fixture) : IModelCheck
    {
        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var optimizer = Optimizers.AdamW(0.01f, beta1: 0.9f, beta2: 0.99f, epsilon: 1e-4f, decay: 0.01f);
            var results = Training.Scan(
                Training.Step(Training.CrossEntropy(model)), TrainState<P>.Start(fixture.Fill(p), optimizer), _ => fixture.Batch,
                Key.FromSeed(0))
                .Take(3).Select(result => (result.State, Loss: result.Loss.Item())).ToArray();
            Difference.Assert(
                "losses", [.. results.Select(result => result.Loss)], fixture["adamw_losses"].ToArray(), LogitsWithin);
            foreach (var leaf in Training.Trainable(results[^1].State.Params))
                fixture.Match($"adamw/{leaf.Name}", leaf.Value, GradientsWithin);
        }
    }
}
