using System.Text.Json;
using Makemore.Tests.Scripts;
using static Makemore.Optimizers;
using static Makemore.Primitives;

namespace Makemore.Tests;

/// <summary>A program and a script that share models and runs: the program knows of them what their files say.</summary>
public sealed class TrainedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TrainedModelTests() => File.Copy(ScriptProcess.At("names.txt"), _folder["names.txt"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Generate_OfAScriptsModel_GivesTheWordsOfSampleOnly()
    {
        Script("run", "--max-steps 20 --eval-every 20 -l 0.01 --seed 5");
        var model = TrainedModel.Load(_folder["run"], Mlp.Of).OrThrow();
        Assert.Equal(Sampled("--prompt ka"), model.Generate("ka", seed: 5).Take(20));
        Assert.Equal(
            Sampled("--temperature 0.5 --top-k 5 --top-p 0.9 --max-length 3 --num 30"),
            model.Generate(temperature: 0.5f, topK: 5, topP: 0.9f, maxLength: 3, seed: 5).Take(30));
        Assert.Equal(model.Generate().Take(5), model.Generate().Take(300).ToArray()[..5]);
    }

    [Fact]
    public void Run_ContinuedByAProgram_EndsWithTheScriptsBits()
    {
        Script("whole", "--max-steps 8 --eval-every 4");
        Script("parts", "--max-steps 4 --eval-every 4");
        var corpus = Corpus.Read(new(_folder["names.txt"])).OrThrow();
        Complete(RunState.Load(_folder["parts"], Mlp.Of, corpus, AdamW(5e-4f)).OrThrow(), "parts");
        foreach (var file in new[] { "model.safetensors", "state.safetensors" })
            Assert.Equal(File.ReadAllBytes(_folder[$"whole/{file}"]), File.ReadAllBytes(_folder[$"parts/{file}"]));

        var begun = Complete(RunState.Start(Mlp.Of(corpus.Vocabulary.Size, corpus.BlockSize, 8, 12), corpus, AdamW(5e-4f)), "begun");
        Assert.Equal(Bits(TrainedModel.Load(_folder["whole"], Mlp.Of).OrThrow()), Bits(begun));
        Assert.Equal(Bits(begun), Bits(TrainedModel.Load(_folder["begun/model.safetensors"], begun.Model).OrThrow()));

        TrainedModel<Mlp, Tensor> Complete(RunState<Mlp, Tensor> state, string folder)
        {
            var end = (TrainingRun.Of(state.Model, corpus, maxSteps: 8) with { EvalEvery = 4 }).Finish(state.Progress);
            (state with { Progress = end.Progress }).Save(_folder[folder]).OrThrow();
            var best = new TrainedModel<Mlp, Tensor>(state.Model, end.Best, state.Card);
            best.Save(_folder[folder]).OrThrow();
            return best;
        }
    }

    [Fact]
    public void Load_WhatDoesNotFit_IsAFault()
    {
        var corpus = Corpus.Read(new(_folder["names.txt"])).OrThrow();
        var model = Mlp.Of(corpus.Vocabulary.Size, corpus.BlockSize, 8, 12);
        RunState.Start(model, corpus, AdamW(1e-3f)).Save(_folder["run"]).OrThrow();
        var trained = TrainedModel.Of(model, model.Init(default), corpus.Vocabulary);
        (trained with { Card = trained.Card.With("--n-embd", "eight") }).Save(_folder["run"]).OrThrow();
        var file = _folder["run/model.safetensors"];
        string Load(Func<ModelCard, Model<Mlp, Tensor>> make, string path = "run") => TrainedModel.Load(_folder[path], make).Message();

        Assert.Equal($"{_folder["none/model.safetensors"]}: no such file", Load(_ => model, "none"));
        Assert.Equal($"{_folder["names.txt"]}: ", Load(_ => model, "names.txt")[..(_folder["names.txt"].Length + 2)]);
        Assert.Equal($"{file}: holds the model 'mlp', not 'gru'", Load(_ => model with { Name = "gru" }));
        Assert.Equal($"{file}: 'wte.weight' is (28, 8) in the file, and (28, 9) in this model", Load(card => Mlp.Of(27, 16, 9, 12)));
        Assert.Equal($"{file}: holds a model whose option '--n-embd' is 'eight', which is not of type Int32", Load(Mlp.Of));
        Assert.Equal($"{file}: holds a model without an option '--order'", Load(card => Mlp.Of(27, 16, card.Get<int>("--order"), 12)));
        Assert.StartsWith(
            $"{file}: wrong width", Load(_ => model with { Step = (p, window, ids) => (p.Head.Bias!.Reshape([1, -1]).Slice(1, 0, 3), window) }));

        var other = corpus with { Hash = "e5" };
        Assert.Equal(
            $"{_folder["run/state.safetensors"]}: holds a run that was trained on other words than {_folder["names.txt"]}",
            RunState.Load(_folder["run"], model, other, AdamW(1e-3f)).Message());
        Assert.Contains(
            "another vocabulary",
            RunState.Load(_folder["run"], model, corpus with { Vocabulary = Vocabulary.Of(Words.Of("ab")) }, AdamW(1e-3f)).Message());
        Assert.Contains("holds no tensor 'optimizer/", RunState.Load(_folder["run"], model, corpus, Lion(1e-3f)).Message());
        Assert.Equal(
            $"{_folder["names.txt/model.safetensors"]}: cannot be written, because {_folder["names.txt"]} is a file, not a folder",
            trained.Save(_folder["names.txt"]).Message());
    }

    [Fact]
    public void Generate_OfBadArguments_Throws()
    {
        var model = Mlp.Of(3, 4, 2, 2);
        var trained = TrainedModel.Of(model, model.Init(default), Vocabulary.Of(Words.Of("ab")));
        Assert.Equal("prompt: 'aç' has 'ç', which is not in the vocabulary", Assert.Throws<FaultException>(() => trained.Generate("aç")).Message);
        Assert.Throws<ArgumentOutOfRangeException>("Temperature", () => trained.Generate(temperature: -1));
        Assert.Throws<ArgumentOutOfRangeException>("TopK", () => trained.Generate(topK: 0));
        Assert.Throws<ArgumentOutOfRangeException>("TopP", () => trained.Generate(topP: float.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("MaxLength", () => trained.Generate(maxLength: 0));
    }

    [Fact]
    public void Work_Canceled_Stops()
    {
        var canceled = new CancellationToken(canceled: true);
        var path = _folder["names.txt"];
        Assert.Throws<OperationCanceledException>(() => Corpus.Read(new(path, InMemory: 0) { Cancellation = canceled }));
        Assert.Equal([path], Directory.GetFiles(_folder.FullName));
        var corpus = Corpus.Read(new(path)).OrThrow();
        var model = Mlp.Of(corpus.Vocabulary.Size, corpus.BlockSize, 2, 2);
        var start = RunState.Start(model, corpus, AdamW(1e-3f));
        Assert.Throws<OperationCanceledException>(() => Evaluation.Of(model, start.Progress.State.Params, corpus, 0, canceled));
        Assert.Throws<OperationCanceledException>(() => ModelEvaluation.Of(model, start.Progress.State.Params, corpus, null, default, canceled));
        Assert.IsType<StopReason.Interrupted>(
            (TrainingRun.Of(model, corpus, maxSteps: 9) with { Cancellation = canceled }).Finish(start.Progress).Reason);
    }

    private static int[] Bits(TrainedModel<Mlp, Tensor> model) => Descent.Bits(Tree.Tensors(model.Params));

    private string[] Sampled(string options)
    {
        using var json = JsonDocument.Parse(Script("run", $"--sample-only --json {options}"));
        return [.. json.RootElement.GetProperty("samples").EnumerateArray().Select(sample => sample.GetProperty("text").GetString()!)];
    }

    private string Script(string workDir, string options)
    {
        string[] sizes = options.Contains("--sample-only") ? [] : ["--n-embd", "8", "--n-embd2", "12", "--report-samples", "0"];
        var outcome = InProcess.Run(
            ScriptFile.PathOf("mlp"), _folder.FullName, ["-i", "names.txt", "-o", workDir, .. sizes, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).Outcome;
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return outcome.Output;
    }

    /// <summary>The model of mlp.csx, as a program has it.</summary>
    private sealed record Mlp(Embedding Wte, [Leaf("mlp.0")] Linear Hidden, [Leaf("mlp.2")] Linear Head)
    {
        public static Model<Mlp, Tensor> Of(ModelCard card) =>
            Of(card.Vocabulary.Size, card.BlockSize, card.Get<int>("--n-embd"), card.Get<int>("--n-embd2"));

        public static Model<Mlp, Tensor> Of(int V, int n, int E, int H) => Model.FromWindow(
            "mlp", n, n, blank: V,
            key => new Mlp(
                Embedding.Init(key.At(0), V + 1, E), Linear.Init(key.At(1), n * E, H), Linear.Init(key.At(2), H, V)),
            (p, window) => p.Head.Forward(Tanh(p.Hidden.Forward(p.Wte.Forward(window).Flatten(-2)))));
    }
}
