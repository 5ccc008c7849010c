using System.Collections.Immutable;
using static Makemore.Transforms;

namespace Makemore.Tests;

public sealed class CheckpointTests : IDisposable
{
    /// <summary>Everything that remembers, at different paces, one name twice.</summary>
    private static readonly Transform Optimizer =
        Accumulate(3, ClipByGlobalNorm(1).Then(Momentum(0.5f)).Then(Momentum(0.3f))
            .Then(Optimizers.AdamW(0.1f, schedule: Schedules.Cosine(10).WithWarmup(2))))
        .Then(Ema(0.9f));

    private static readonly ModelCard Card = new(
        "toy", Vocabulary.Of(Words.Of("abcd")), 4,
        ImmutableSortedDictionary<string, string>.Empty.Add(ModelCard.WordsHash, "e5"),
        "toy.csx", "00");

    /// <summary>Of a file's tensors and metadata, what somebody made of them, and what its reader is told.</summary>
    private static readonly Dictionary<string, Func<TensorFile, TensorFile>> Damages = new()
    {
        ["holds the model 'other', not 'toy'"] = Says("model", "other"),
        ["holds a model of another vocabulary than the words file's"] = Says("vocabulary", """["a","b"]"""),
        ["written by a newer Makemore, in format 'makemore 2'; this one reads up to 1"] = Says("format", "makemore 2"),
        ["written by a newer Makemore, in format 'makemore x'; this one reads up to 1"] = Says("format", "makemore x"),
        ["not a checkpoint of Makemore: its metadata names no format"] = Says("format", null),
        ["not a checkpoint of Makemore: its metadata names no format "] = Says("format", "numpy"),
        ["holds no tensor '{0}table'"] = Without("table"),
        ["holds no tensor '{0}seen'"] = Without("seen"),
        ["'{0}bias' is (2, 3) there, and (5) with these options"] = Instead("bias", Tensor.Zeros([2, 3])),
        ["'{0}bias' holds Int32 there, and Float32 with these options"] = Instead("bias", Tensor.Of(new int[5], [5])),
    };

    private static readonly Dictionary<string, Func<TensorFile, TensorFile>> StateDamages = new()
    {
        ["holds no tensor 'memory/1/momentum/bias'"] = Without("memory/1/momentum/bias"),
        ["holds no tensor 'memory/5/ema/table'"] = Without("memory/5/ema/table"),
        ["holds no tensor 'best/bias'"] = Without("best/bias"),
        ["'memory/3/adam.m/table' is (5) there, and (5, 5) with these options"] =
            Instead("memory/3/adam.m/table", Tensor.Zeros([5])),
        ["holds a run that was trained on other words"] =
            Says("options", """{"words_sha256":"e6"}"""),
        ["holds a run that was trained on other words "] = Says("options", null),
        ["not the state of a run: its metadata does not say where it stands"] = Says("step", null),
        ["not the state of a run: its metadata does not say where it stands "] = Says("step", "many"),
        ["not the state of a run: its metadata does not say where it stands  "] = Says("step", "99999999999999999999"),
        ["not the state of a run: its metadata does not say where it stands   "] = Says("loss", "low"),
        ["not the state of a run: its metadata does not say where it stands    "] = Says("history", "{"),
        ["not the state of a run: its metadata does not say where it stands     "] = Says("history", null),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> DamageNames => [.. Damages.Keys];

    public static TheoryData<string> StateDamageNames => [.. StateDamages.Keys];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void State_SavedAndLoaded_IsTheSameBitForBit()
    {
        var saved = After(7);
        var loaded = Load(Save(saved));
        Assert.Equal(saved.State.Bits(), loaded.State.Bits());
        Assert.Equal(Descent.Bits(Tree.Tensors(saved.Best!)), Descent.Bits(Tree.Tensors(loaded.Best!)));
        Assert.Equal<Evaluated>([.. saved.History], [.. loaded.History]);
        Assert.NotEqual(saved.State.Bits()[..35], Descent.Bits(Tree.Tensors(saved.Best!)));
        Assert.Equal(File.ReadAllBytes(_folder["state"]), File.ReadAllBytes(Save(loaded, "again")));
    }

    [Fact]
    public void State_BeforeTheFirstStep_IsTheSame()
    {
        var loaded = Load(Save(new(Toy.Start(Optimizer), null, [])));
        Assert.Equal(Toy.Start(Optimizer).Bits(), loaded.State.Bits());
        Assert.True(float.IsNaN(loaded.State.Loss));
        Assert.Null(loaded.Best);
        Assert.Empty(loaded.History);
    }

    [Fact]
    public void Run_GoneOnWithFromAFile_EqualsTheOneThatDidNotStop()
    {
        var whole = Toy.Scan(Optimizer, Toy.Start(Optimizer)).Take(20).Select(state => state.Bits()).ToArray();
        for (var stop = 0; stop < 8; stop++)
        {
            var loaded = Load(Save(new(Toy.Scan(Optimizer, Toy.Start(Optimizer)).ElementAt(stop), null, [])));
            Assert.Equal(whole[stop..], Toy.Scan(Optimizer, loaded.State).Take(20 - stop).Select(state => state.Bits()));
        }
    }

    [Fact]
    public void Progress_AfterEvaluations_HasTheParametersOfTheLowestLoss()
    {
        var progress = After(8);
        Assert.Equal(0.5, progress.BestLoss);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8], progress.History.Select(entry => entry.Step));
        var best = Toy.Scan(Optimizer, Toy.Start(Optimizer)).ElementAt(3).Params;
        Assert.Equal(Descent.Bits(Tree.Tensors(best)), Descent.Bits(Tree.Tensors(progress.Best!)));
    }

    [Fact]
    public void Model_SavedAndLoaded_IsTheSameBitForBit()
    {
        var p = After(4).State.Params;
        var loaded = Checkpoint.LoadModel(SaveModel(p), Toy.Init(default), Card).Value();
        Assert.Equal(Descent.Bits(Tree.Tensors(p)), Descent.Bits(Tree.Tensors(loaded)));
        Assert.Equal(
            ["table", "bias", "seen"], Safetensors.Read(_folder["model"]).Value().Leaves.Select(leaf => leaf.Name));
    }

    [Theory, MemberData(nameof(DamageNames))]
    public void Model_ThatDoesNotFit_IsOneLineAndStays(string message)
    {
        var path = Change(SaveModel(Toy.Init(default)), Damages[message]);
        AssertFault(path, string.Format(message, ""), LoadModel);
    }

    [Theory, MemberData(nameof(DamageNames))]
    public void State_OfWhatDoesNotFit_IsOneLineAndStays(string message)
    {
        var path = Change(Save(After(4)), Damages[message]);
        AssertFault(path, string.Format(message, "last/"), LoadState);
    }

    [Theory, MemberData(nameof(StateDamageNames))]
    public void State_ThatIsNotWhole_IsOneLineAndStays(string message) =>
        AssertFault(Change(Save(After(4)), StateDamages[message]), message, LoadState);

    [Fact]
    public void State_OfAnotherOptimizer_IsOneLine() => Assert.Equal(
        $"{Save(After(2))}: holds no tensor 'memory/0/lion.m/table'",
        Checkpoint.LoadState(_folder["state"], Toy.Init(default), Lion(), Card).Message());

    [Fact]
    public void State_OfOtherSizes_IsOneLine()
    {
        var larger = Toy.Init(default) with { Table = Tensor.Zeros([6, 5]) };
        Assert.Equal(
            $"{Save(After(2))}: 'last/table' is (5, 5) there, and (6, 5) with these options",
            Checkpoint.LoadState(_folder["state"], larger, Optimizer, Card).Message());
    }

    [Fact]
    public void State_InPlaceOfAModel_IsOneLine() =>
        AssertFault(Save(After(2)), "holds no tensor 'table'", LoadModel);

    [Fact]
    public void Model_InPlaceOfAState_IsOneLine() => AssertFault(
        SaveModel(Toy.Init(default)), "not the state of a run: its metadata does not say where it stands", LoadState);

    [Fact]
    public void Checkpoint_OfAnyFlippedBit_IsNeverLoaded()
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
    public void Checkpoint_CutOffAnywhere_IsTruncated()
    {
        var bytes = File.ReadAllBytes(Save(After(4)));
        for (var length = 0; length < bytes.Length; length += 97)
        {
            var path = _folder.Write("short", bytes[..length]);
            Assert.StartsWith($"{path}: truncated: ", LoadState(path));
        }
    }

    [Fact]
    public void Checkpoint_ThatIsNotThere_IsOneLine()
    {
        Assert.Equal($"{_folder["none"]}: no such file", LoadModel(_folder["none"]));
        Assert.Equal($"{_folder["none"]}: no such file", LoadState(_folder["none"]));
    }

    /// <summary>A run with an evaluation after each step, of which the fourth is the best.</summary>
    private static Progress<ToyParams> After(int steps)
    {
        var progress = new Progress<ToyParams>(Toy.Start(Optimizer), null, []);
        foreach (var state in Toy.Scan(Optimizer, progress.State).Take(steps + 1))
            progress = progress.After(
                state, state.Params, new(state.Step, double.NaN, 0.5 + Math.Abs(state.Step - 3), 0.1));
        return progress with { State = progress.State.Keep() };
    }

    private string Save(Progress<ToyParams> progress, string name = "state")
    {
        Checkpoint.SaveState(_folder[name], progress, Optimizer, Card).Value();
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

    private static Func<TensorFile, TensorFile> Says(string name, string? text) => file => file with
    {
        Metadata = file.Metadata.Where(pair => pair.Key != name)
            .Concat(text is null ? [] : [KeyValuePair.Create(name, text)]).ToDictionary(),
    };

    private static Func<TensorFile, TensorFile> Without(string name) =>
        file => file with { Leaves = [.. file.Leaves.Where(leaf => !Is(leaf, name))] };

    private static Func<TensorFile, TensorFile> Instead(string name, Tensor tensor) =>
        file => file with { Leaves = [.. file.Leaves.Select(leaf => Is(leaf, name) ? new(leaf.Name, tensor) : leaf)] };

    private static bool Is(Leaf leaf, string name) => leaf.Name == name || leaf.Name == $"last/{name}";
}
