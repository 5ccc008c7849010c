using System.Collections.Immutable;
using Makemore.Tests.Scripts;

namespace Makemore.Tests;

/// <summary>Training every script's model gives the same losses on every engine, step by step: the keys are the library's, so the
/// initial parameters and the batches are equal, and the losses stay close.</summary>
public sealed class TrainingConformanceTests
{
    private const int Steps = 100;
    private const double Within = 1e-3;

    public static TheoryData<string> Trainable => [.. ScriptFile.Trainable];

    public static TheoryData<string, string> Widths =>
        (from script in ScriptFile.Trainable from width in (string[])["8", "256"] select (script, width)).Rows();

    [Theory, OnEngine(Engines.Torch, nameof(Widths))]
    public void Losses_OfAHundredSteps_AreThoseOfTheManagedEngine(string engine, string script, string width)
    {
        // Where the rate is too high for the width, differences in rounding grow from step to step.
        var rate = width == "8" ? LossesOfARun.HighRate : LossesOfARun.HighRate / 10;
        var (here, there) = (new LossesOfARun(rate), new LossesOfARun(rate));
        var model = ScriptModel.Of(script, [("--n-embd", width), .. ScriptModel.Small[1..]]);
        model.Check(here, engine);
        model.Check(there, Engines.Managed);
        Assert.Equal(there.First, here.First);
        Assert.Equal((Steps, Steps), (there.Losses.Length, here.Losses.Length));
        foreach (var (loss, expected) in here.Losses.Zip(there.Losses))
            Assert.InRange(loss, expected - Within, expected + Within);
    }

    /// <summary>Not to the bit here: a resumed run is as one that never stopped, within rounding.</summary>
    [Theory, OnEngine(Engines.Torch, nameof(Trainable))]
    public void Law3_Losses_AfterALoad_AreThoseOfAnUnbrokenRun(string engine, string script)
    {
        var (whole, parts) = (new LossesOfARun(LossesOfARun.HighRate), new LossesOfARun(LossesOfARun.HighRate, stopAt: Steps / 2));
        ScriptModel.Of(script).Check(whole, engine);
        ScriptModel.Of(script).Check(parts, engine);
        Assert.Equal((Steps, Steps), (whole.Losses.Length, parts.Losses.Length));
        foreach (var (loss, expected) in parts.Losses.Zip(whole.Losses))
            Assert.InRange(loss, expected - 1e-5, expected + 1e-5);
    }

    /// <summary>Trains on batches of names, from parameters drawn with a fixed seed.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="stopAt">The step at which the state is saved and loaded; 0 for none.</param>
    private sealed class LossesOfARun(float rate, int stopAt = 0) : IModelCheck
    {
        /// <summary>Ten times the scripts' default.</summary>
        public const float HighRate = 5e-3f;

        /// <summary>The initial parameters and the first batch.</summary>
        public float[][] First { get; private set; } = [];

        public float[] Losses { get; private set; } = [];

        public void Check<P, C>(Model<P, C> model, P p)
            where P : class
        {
            var engine = Model.EngineOf(p);
            var start = Tree.To(model.Init(Key.FromSeed(1)), engine);
            First = [.. Tree.Tensors(start).Select(tensor => tensor.ToArray()), Numbers(NameBatches.Drawn(engine, 0).X)];
            var optimizer = Optimizers.AdamW(rate);
            var first = TrainState<P>.Start(start, optimizer);
            Losses = stopAt == 0 ? Run(first, Steps) : [.. Run(first, stopAt), .. Run(Again(first), Steps - stopAt)];

            IEnumerable<StepResult<P>> Results(TrainState<P> from) => Training.Scan(
                Training.Step(Training.CrossEntropy(model)), from, step => NameBatches.Drawn(engine, step), Key.FromSeed(3));

            float[] Run(TrainState<P> from, int steps) => [.. Results(from).Take(steps).Select(result => result.Loss.Item())];

            TrainState<P> Again(TrainState<P> from)
            {
                using var folder = new TemporaryFolder();
                var file = folder["state.safetensors"];
                var reached = Results(from).ElementAt(stopAt - 1).State;
                var card = Card(model);
                _ = Checkpoint.SaveState(file, Progress<P>.Start(reached), card).Value();
                return Checkpoint.LoadState(file, start, optimizer, card).Value().State;
            }
        }

        private static ModelCard Card<P, C>(Model<P, C> model) =>
            new(model.Name, NameBatches.Letters, model.BlockSize, ImmutableSortedDictionary<string, string>.Empty, "", "");

        private static float[] Numbers(Tensor ids) => Array.ConvertAll(ids.ToInts(), id => (float)id);
    }
}
