namespace Makemore.Tests.Scripts;

/// <summary>The split has a seed of its own, so that runs with different seeds are tested on the same words.</summary>
public sealed class SplitSeedTests
{
    [Fact]
    public void Split_OfAnotherSeed_IsTheSame()
    {
        var words = TestWords("--seed", "1");
        Assert.Equal(words, TestWords("--seed", "2"));
        Assert.NotEqual(words, TestWords("--split-seed", "1"));
    }

    /// <summary>Runs that were saved without a seed of the split had split their words by --seed.</summary>
    [Fact]
    public void OldRun_WithoutASplitSeed_WasSplitByItsSeed()
    {
        string[] seeds = ["--seed", "5", "--split-seed", "5", "--max-steps"];
        var run = ScriptRun.Run("mlp", [.. seeds, "4"]);
        foreach (var file in new[] { "model.safetensors", "state.safetensors" })
        {
            var (leaves, metadata) = Safetensors.Read(run.Saved(file)).Value();
            var older = new Dictionary<string, string>(metadata) { ["options"] = metadata["options"].Replace("\"--split-seed\":\"5\",", "") };
            Assert.NotEqual(metadata["options"], older["options"]);
            Safetensors.Write(run.Saved(file), leaves, older).Value();
        }
        var record = JsonFile.Read<RunRecord>(run.Saved("run.json")).Value();
        var hash = Safetensors.Read(run.Saved("model.safetensors")).Value().Metadata[Safetensors.HashName];
        JsonFile.Write(run.Saved("run.json"), record with { ModelHash = hash }).Value();
        Assert.Equal("5", FinishedRun.Read(run.Saved(""), ScriptFile.PathOf("mlp")).Value().Option("--split-seed"));
        ScriptRun.Run("mlp", [.. seeds, "8"]).AssertSameBits(run.Again("--resume", "--max-steps", "8"));
    }

    private static string[] TestWords(params string[] arguments)
    {
        var variables = InProcess.Run(
            ScriptFile.PathOf("bigram"), ScriptProcess.Folder,
            ["-i", "names.txt", "-o", $"runs/{Guid.NewGuid():N}", "--report-samples", "0", .. arguments]).Variables!;
        return [.. ((Run)variables.GetType().GetField("run")!.GetValue(variables)!).Corpus.Split.Test.All()];
    }
}
