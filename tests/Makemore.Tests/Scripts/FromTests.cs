namespace Makemore.Tests.Scripts;

/// <summary>Fine-tuning: a run that begins with the parameters of a saved model.</summary>
public sealed class FromTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FromTests()
    {
        var names = File.ReadAllLines(ScriptProcess.At("names.txt"));
        File.WriteAllLines(_folder["names.txt"], names);
        File.WriteAllLines(_folder["few.txt"], names.Where(name => name.Length < 7 && !name.Contains('k') && !name.Contains('z')));
        File.WriteAllLines(_folder["accents.txt"], [.. names, "Zoë", "Ünal"]);
        File.WriteAllLines(_folder["long.txt"], [.. names, "maximilianalexander"]);
        Run("mlp", "base", "-i", "names.txt", "--n-embd", "6", "--n-embd2", "5", "--max-steps", "4");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("base")]
    [InlineData("base/model.safetensors")]
    public void From_SavedModel_BeginsWithItsParametersAndForm(string from)
    {
        var output = Run("mlp", "tuned", "--from", from, "-i", "names.txt", "--max-steps", "0", "--learning-rate", "0.1");
        Assert.Contains("\nparameters: those of base/model.safetensors, of the model 'mlp'\n", output.Replace('\\', '/'));
        Assert.Equal(Tensors("base"), Tensors("tuned"));
        var card = ModelCard.Of(Safetensors.Read(_folder["tuned/model.safetensors"]).Value().Metadata).Value();
        Assert.Equal(
            Safetensors.Read(_folder["base/model.safetensors"]).Value().Metadata[Safetensors.HashName], card.Options["from_sha256"]);
    }

    /// <summary>The origin is not needed any more.</summary>
    [Fact]
    public void From_InterruptedRun_ResumesToTheSameBits()
    {
        string[] tuned = ["--from", "base", "-i", "few.txt", "--optimizer", "momentum", "--max-steps"];
        Run("mlp", "whole", [.. tuned, "9"]);
        Run("mlp", "parts", [.. tuned, "5"]);
        Directory.Delete(_folder["base"], recursive: true);
        Run("mlp", "parts", "--resume", "--max-steps", "9");
        foreach (var file in new[] { "model.safetensors", "state.safetensors" })
            Assert.Equal(File.ReadAllBytes(_folder[$"whole/{file}"]), File.ReadAllBytes(_folder[$"parts/{file}"]));
    }

    [Fact]
    public void From_WordsWithFewerCharacters_KeepsTheVocabularyAndSaysWhich()
    {
        Assert.Contains(", which also knows 'k' 'z'\n", Run("mlp", "tuned", "--from", "base", "-i", "few.txt", "--max-steps", "2"));
        Assert.StartsWith("words ", Run("mlp", "tuned", "--evaluate", "names.txt"));
        Assert.Contains(" samples in train:", Run("mlp", "tuned", "--sample-only"));
        Run("mlp", "fresh", "-i", "few.txt", "--max-steps", "2");
        var compared = InProcess.Run(
            ScriptFile.PathOf("compare"), _folder.FullName, ["fresh", "tuned", "-o", "compared", "--samples", "30"]).Outcome;
        Assert.Equal((0, ""), (compared.ExitCode, compared.Error));
    }

    /// <summary>The earlier run moves aside only after its parameters were read.</summary>
    [Fact]
    public void From_ItsOwnWorkDir_BeginsWithTheEarlierRun()
    {
        var before = Tensors("base");
        Run("mlp", "base", "--from", "base", "-i", "names.txt", "--max-steps", "0");
        Assert.Equal(before, Tensors("base"));
        Assert.Equal(before, Tensors("base~1"));
    }

    [Theory]
    [InlineData("mlp", "--from nowhere -i names.txt", "mlp: --from: nowhere/model.safetensors: no saved model")]
    [InlineData("mlp", "--from names.txt -i names.txt", "mlp: --from: names.txt: not a safetensors file")]
    [InlineData("mlp", "--from base -i accents.txt", "accents.txt: the saved model does not know 'Z' 'Ü' 'ë'; leave out")]
    [InlineData("mlp", "--from base -i long.txt", "and does not fit: --block-size must be 20 or more, not ")]
    [InlineData("mlp", "--from base -i names.txt --n-embd 7", "--from: base/model.safetensors: 'wte.weight' is (28, 6) in the file, and (28, 7) in this model")]
    [InlineData("rnn", "--from base -i names.txt", "rnn: --from: base/model.safetensors: holds no tensor '")]
    public void From_WhatDoesNotFit_IsRefusedInALine(string script, string arguments, string error)
    {
        var outcome = InProcess.Run(ScriptFile.PathOf(script), _folder.FullName, ["-o", "refused", .. arguments.Split(' ')]).Outcome;
        Assert.Contains(error, outcome.Error.Replace('\\', '/'));
        Assert.DoesNotContain('\n', outcome.Error);
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.False(Directory.Exists(_folder["refused"]));
    }

    private string Run(string script, string workDir, params string[] arguments)
    {
        var outcome = InProcess.Run(
            ScriptFile.PathOf(script), _folder.FullName,
            ["-o", workDir, "--report-samples", "20", .. arguments]).Outcome;
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return outcome.Output + "\n";
    }

    private string[] Tensors(string workDir) =>
    [
        .. Safetensors.Read(_folder[$"{workDir}/model.safetensors"]).Value().Leaves
            .Select(leaf => $"{leaf.Name} {string.Join(' ', leaf.Value.ToArray())}"),
    ];
}
