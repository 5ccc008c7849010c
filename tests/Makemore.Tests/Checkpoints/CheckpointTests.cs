using System.Collections.Immutable;
using static Makemore.Transforms;

namespace Makemore.Tests;

public sealed class CheckpointTests : IDisposable
{
    /// <summary>An optimizer with all kinds of state, updated at different rates, one of them twice.</summary>
    private static readonly Transform Optimizer =
        Accumulate(3, ClipByGlobalNorm(1).Then(Momentum(0.5f)).Then(Momentum(0.3f))
            .Then(Optimizers.AdamW(0.1f, schedule: Schedules.Cosine(10).WithWarmup(2))))
        .Then(Ema(0.9f));

    private static readonly ModelCard Card = new(
        "toy", Vocabulary.Of(Words.Of("abcd")), 4,
        ImmutableSortedDictionary<string, string>.Empty.Add(ModelCard.WordsHash, "e5"),
        "toy.csx", "00");

    /// <summary>Ways to damage a checkpoint, by the error on reading it.</summary>
    private static readonly Dictionary<string, Func<TensorFile, TensorFile>> Damages = new()
    {
        ["holds the model 'other', not 'toy'"] = WithMetadata("model", "other"),
        ["holds a model with another vocabulary"] = WithMetadata("vocabulary", """["a","b"]"""),
        ["written by a newer Makemore, in format 'makemore 3'; this one reads up to 2"] = WithMetadata("format", "makemore 3"),
        ["written by a newer Makemore, in format 'makemore x'; this one reads up to 2"] = WithMetadata("format", "makemore x"),
        ["not a checkpoint of Makemore: its metadata names no format"] = WithMetadata("format", null),
        ["not a checkpoint of Makemore: its metadata names no format "] = WithMetadata("format", "numpy"),
        ["holds no tensor '{0}table'"] = Without("table"),
        ["holds no tensor '{0}seen'"] = Without("seen"),
        ["'{0}bias' is (2, 3) in the file, and (5) in this model"] = Replacing("bias", Tensor.Zeros([2, 3])),
        ["'{0}bias' holds numbers that are not finite, so the model predicts nothing; train again"] =
            Replacing("bias", Tensor.Of([0, 0, float.NaN, 0, 0], [5])),
        ["'{0}bias' holds numbers that are not finite, so the model predicts nothing; train again "] =
            Replacing("bias", Tensor.Of([0, 0, 0, 0, float.PositiveInfinity], [5])),
        ["'{0}bias' holds Int32 in the file, and Float32 in this model"] = Replacing("bias", Tensor.Of(new int[5], [5])),
    };

    private static readonly Dictionary<string, Func<TensorFile, TensorFile>> StateDamages = new()
    {
        ["holds no tensor 'optimizer/1/momentum/bias'"] = Without("optimizer/1/momentum/bias"),
        ["holds no tensor 'optimizer/5/ema/table'"] = Without("optimizer/5/ema/table"),
        ["holds no tensor 'best/bias'"] = Without("best/bias"),
        ["'optimizer/3/adam.m/table' holds numbers that are not finite, so training cannot continue; train again"] =
            Replacing("optimizer/3/adam.m/table", Tensor.Of([.. Enumerable.Repeat(float.PositiveInfinity, 25)], [5, 5])),
        ["'optimizer/3/adam.m/table' is (5) in the file, and (5, 5) in this model"] =
            Replacing("optimizer/3/adam.m/table", Tensor.Zeros([5])),
        ["written by an older Makemore, whose runs cannot be resumed by this one; train again"] = WithMetadata("format", "makemore 1"),
        ["holds a run that was trained on other words"] =
            WithMetadata("options", """{"words_sha256":"e6"}"""),
        ["holds a run that was trained on other words "] = WithMetadata("options", null),
        ["not the state of a run: its metadata has no valid step and history"] = WithMetadata("step", null),
        ["not the state of a run: its metadata has no valid step and history "] = WithMetadata("step", "many"),
        ["not the state of a run: its metadata has no valid step and history  "] = WithMetadata("step", "99999999999999999999"),
        ["not the state of a run: its metadata has no valid step and history    "] = WithMetadata("history", "{"),
        ["not the state of a run: its metadata has no valid step and history     "] = WithMetadata("history", null),
    };

    /// <summary>Ways to damage the merges of a vocabulary of byte pairs, by the error on reading it.</summary>
    public static TheoryData<string, string> MergeDamages => new()
    {
        { "[[97,98],[98,97]]", "damaged: its merges do not match its vocabulary" },
        { "[[97,98]]", "damaged: its merges do not match its vocabulary" },
        { "[[97,98],[97]]", "damaged: a merge in its metadata is not of two tokens" },
        { "[[97,98],[999,1]]", "merge 2, of tokens 999 and 1, does not join earlier tokens" },
        { "[[97,98],[97,98]]", "merge 2, of tokens 97 and 98, occurs twice" },
        { Doublings, "merge 2, of tokens 256 and 256, makes the tokens longer than 261 bytes in all" },
        { "[[97,98],", "not a checkpoint of Makemore: its metadata does not describe a model" },
    };

    /// <summary>Merges whose last token would have 2^40 bytes.</summary>
    internal static string Doublings => $"[[97,97],{string.Join(',', Enumerable.Range(256, 39).Select(token => $"[{token},{token}]"))}]";

    [Fact]
    public void Card_OfBytePairs_IsReadBack() => Assert.Equal(Pieces.Vocabulary, ModelCard.Of(Pieces.ToMetadata()).Value().Vocabulary);

    [Theory, MemberData(nameof(MergeDamages))]
    public void Card_OfDamagedMerges_SaysWhatIsWrong(string merges, string message) => Assert.Equal(
        message, ModelCard.Of(new Dictionary<string, string>(Pieces.ToMetadata()) { ["merges"] = merges }).Message());

    [Fact]
    public void Accept_OfOtherMerges_IsRefused() => Assert.Equal(
        "holds a model with another vocabulary",
        Pieces.Accept(new Dictionary<string, string>(Pieces.ToMetadata()) { ["merges"] = "[]", [Safetensors.HashName] = "0" }).Message());

    private static ModelCard Pieces => Card with { Vocabulary = Vocabulary.Of(BytePairs.Learn(["abc", "abc"], 2)) };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> DamageNames => [.. Damages.Keys];

    public static TheoryData<string> StateDamageNames => [.. StateDamages.Keys];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void State_SavedAndLoaded_HasTheSameBits()
    {
        var saved = After(7);
        var loaded = Load(Save(saved));
        Assert.Equal(saved.State.Bits(), loaded.State.Bits());
        Assert.Equal(Descent.Bits(Tree.Tensors(saved.Best!)), Descent.Bits(Tree.Tensors(loaded.Best!)));
        Assert.Equal<Evaluation>([.. saved.History], [.. loaded.History]);
        Assert.NotEqual(saved.State.Bits()[..35], Descent.Bits(Tree.Tensors(saved.Best!)));
        Assert.Equal(File.ReadAllBytes(_folder["state"]), File.ReadAllBytes(Save(loaded, "again")));
    }

    [Fact]
    public void State_BeforeTheFirstStep_HasTheSameBits()
    {
        var loaded = Load(Save(new(Toy.Start(Optimizer), null, [])));
        Assert.Equal(Toy.Start(Optimizer).Bits(), loaded.State.Bits());
        Assert.Null(loaded.Best);
        Assert.Empty(loaded.History);
    }

    [Fact]
    public void Run_ResumedFromAFile_EqualsAnUninterruptedOne()
    {
        var whole = Toy.Scan(Toy.Start(Optimizer)).Take(20).Select(state => state.Bits()).ToArray();
        for (var stop = 0; stop < 8; stop++)
        {
            var loaded = Load(Save(new(Toy.Scan(Toy.Start(Optimizer)).ElementAt(stop), null, [])));
            Assert.Equal(whole[stop..], Toy.Scan(loaded.State).Take(20 - stop).Select(state => state.Bits()));
        }
    }

    [Fact]
    public void Best_AfterEvaluations_HasTheLowestLoss()
    {
        var progress = After(8);
        Assert.Equal(0.5, progress.BestEvaluation!.Held);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8], progress.History.Select(entry => entry.Step));
        var best = Toy.Scan(Toy.Start(Optimizer)).ElementAt(3).Params;
        Assert.Equal(Descent.Bits(Tree.Tensors(best)), Descent.Bits(Tree.Tensors(progress.Best!)));
    }

    [Fact]
    public void Model_SavedAndLoaded_HasTheSameBits()
    {
        var p = After(4).State.Params;
        var loaded = Checkpoint.LoadModel(SaveModel(p), Toy.Init(default), Card).Value();
        Assert.Equal(Descent.Bits(Tree.Tensors(p)), Descent.Bits(Tree.Tensors(loaded)));
        Assert.Equal(
            ["table", "bias", "seen"], Safetensors.Read(_folder["model"]).Value().Leaves.Select(leaf => leaf.Name));
    }

    [Theory, MemberData(nameof(DamageNames))]
    public void LoadModel_DoesNotFit_FailsAndKeepsTheFile(string message)
    {
        var path = Change(SaveModel(Toy.Init(default)), Damages[message]);
        AssertFault(path, string.Format(message, ""), LoadModel);
    }

    [Theory, MemberData(nameof(DamageNames))]
    public void LoadState_DoesNotFit_FailsAndKeepsTheFile(string message)
    {
        var path = Change(Save(After(4)), Damages[message]);
        AssertFault(path, string.Format(message, "last/"), LoadState);
    }

    [Theory, MemberData(nameof(StateDamageNames))]
    public void LoadState_Incomplete_FailsAndKeepsTheFile(string message) =>
        AssertFault(Change(Save(After(4)), StateDamages[message]), message, LoadState);

    [Fact]
    public void LoadState_DifferentOptimizer_Fails() => Assert.Equal(
        $"{Save(After(2))}: holds no tensor 'optimizer/0/lion.m/table'",
        Checkpoint.LoadState(_folder["state"], Toy.Init(default), Lion(), Card).Message());

    [Fact]
    public void LoadState_DifferentSizes_Fails()
    {
        var larger = Toy.Init(default) with { Table = Tensor.Zeros([6, 5]) };
        Assert.Equal(
            $"{Save(After(2))}: 'last/table' is (5, 5) in the file, and (6, 5) in this model",
            Checkpoint.LoadState(_folder["state"], larger, Optimizer, Card).Message());
    }

    [Fact]
    public void LoadModel_StateFile_Fails() =>
        AssertFault(Save(After(2)), "holds no tensor 'table'", LoadModel);

    [Fact]
    public void LoadState_ModelFile_Fails() => AssertFault(
        SaveModel(Toy.Init(default)), "not the state of a run: its metadata has no valid step and history", LoadState);

    [Fact]
    public void LoadModel_AnyFlippedBit_Fails()
    {
        var bytes = File.ReadAllBytes(SaveModel(Toy.Init(default)));
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[i] ^= (byte)(1 << (i % 8));
            var path = _folder.Write("damaged", damaged);
            Assert.StartsWith($"{path}: ", Checkpoint.LoadModel(path, Toy.Init(default), Card).Message());
        }
    }

    [Fact]
    public void LoadState_CutOffAnywhere_IsTruncated()
    {
        var bytes = File.ReadAllBytes(Save(After(4)));
        for (var length = 0; length < bytes.Length; length += 97)
        {
            var path = _folder.Write("short", bytes[..length]);
            Assert.StartsWith($"{path}: truncated: ", LoadState(path));
        }
    }

    [Fact]
    public void Load_MissingFile_Fails()
    {
        Assert.Equal($"{_folder["none"]}: no such file", LoadModel(_folder["none"]));
        Assert.Equal($"{_folder["none"]}: no such file", LoadState(_folder["none"]));
    }

    /// <summary>The progress of a run that is evaluated after each step, where the fourth evaluation is the best.</summary>
    private static Progress<ToyParams> After(int steps)
    {
        var progress = new Progress<ToyParams>(Toy.Start(Optimizer), null, []);
        foreach (var state in Toy.Scan(progress.State).Take(steps + 1))
            progress = (progress with { State = state }).After(
                state.Params, new(state.Step, double.NaN, 0.5 + Math.Abs(state.Step - 3), 0.1));
        return progress with { State = progress.State.Keep() };
    }

    private string Save(Progress<ToyParams> progress, string name = "state")
    {
        Checkpoint.SaveState(_folder[name], progress, Card).Value();
        return _folder[name];
    }

    private string SaveModel(ToyParams p)
    {
        Checkpoint.SaveModel(_folder["model"], Toy.Model, p, Card).Value();
        return _folder["model"];
    }

    private static Progress<ToyParams> Load(string path) =>
        Checkpoint.LoadState(path, Toy.Init(default), Optimizer, Card).Value();

    private static string LoadState(string path) =>
        Checkpoint.LoadState(path, Toy.Init(default), Optimizer, Card).Message();

    private static string LoadModel(string path) =>
        Checkpoint.LoadModel(path, Toy.Init(default), Card).Message();

    private static void AssertFault(string path, string message, Func<string, string> load)
    {
        var bytes = File.ReadAllBytes(path);
        Assert.Equal($"{path}: {message.TrimEnd()}", load(path));
        Assert.Equal(bytes, File.ReadAllBytes(path));
    }

    private static string Change(string path, Func<TensorFile, TensorFile> change)
    {
        var changed = change(Safetensors.Read(path).Value());
        Safetensors.Write(path, changed.Leaves, changed.Metadata).Value();
        return path;
    }

    private static Func<TensorFile, TensorFile> WithMetadata(string name, string? text) => file => file with
    {
        Metadata = file.Metadata.Where(pair => pair.Key != name)
            .Concat(text is null ? [] : [KeyValuePair.Create(name, text)]).ToDictionary(),
    };

    private static Func<TensorFile, TensorFile> Without(string name) =>
        file => file with { Leaves = [.. file.Leaves.Where(leaf => !Is(leaf, name))] };

    private static Func<TensorFile, TensorFile> Replacing(string name, Tensor tensor) =>
        file => file with { Leaves = [.. file.Leaves.Select(leaf => Is(leaf, name) ? new(leaf.Name, tensor) : leaf)] };

    private static bool Is(Leaf leaf, string name) => leaf.Name == name || leaf.Name == $"last/{name}";
}
