using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>
/// Saving and loading: <c>model.safetensors</c> has the best model, for any program; <c>state.safetensors</c> has everything
/// that is needed to resume a run. Both are replaced atomically, so that there is always the old file or the new one.
/// </summary>
public static class Checkpoint
{
    /// <summary>The files in the folder of a run.</summary>
    public const string ModelFile = "model.safetensors", StateFile = "state.safetensors";

    private const string Last = "last/", Best = "best/", OptimizerState = "optimizer/";

    /// <summary>Writes a model's parameters and constants.</summary>
    public static Either<Fault, Unit> SaveModel<P, C>(string path, Model<P, C> model, P p, ModelCard card) =>
        Safetensors.Write(path, ModelLeaves(model, p), card.ToMetadata());

    /// <summary>The hash of the contents of a model's file.</summary>
    internal static string ModelHash<P, C>(Model<P, C> model, P p, ModelCard card) =>
        Safetensors.HashOf(ModelLeaves(model, p), card.ToMetadata());

    /// <summary>Reads a model's parameters into a record of the same structure as the template. A dimension of 0 in the template
    /// accepts any size: it is that of a table whose rows are only known once something was counted. Nothing but the header is read of
    /// a file whose names and shapes differ.</summary>
    public static Either<Fault, P> LoadModel<P>(string path, P template, ModelCard card) =>
        Read(path, Model.EngineOf(template), header => card.Accept(header.Metadata).Map(_ => Tree.Leaves(template).ToArray()))
            .Map(file => Fill(template, "", Named(file)));

    /// <summary>Reads the parameters of any model that has those of the template, whatever its name.</summary>
    public static Either<Fault, P> LoadParameters<P>(string path, P template) =>
        Read(path, Model.EngineOf(template), _ => Tree.Leaves(template).ToArray()).Map(file => Fill(template, "", Named(file)));

    /// <summary>Writes the progress of a run.</summary>
    public static Either<Fault, Unit> SaveState<P>(string path, Progress<P> progress, ModelCard card)
        where P : class
    {
        var state = progress.State;
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["step"] = $"{state.Step}",
            ["history"] = JsonSerializer.Serialize(progress.History, CheckpointJson.Default.ImmutableArrayEvaluation),
        };
        foreach (var (name, value) in card.ToMetadata())
            metadata[name] = value;
        return Safetensors.Write(path, StateLeaves(state.Params, progress.Best, state.Optimizer, state.OptimizerState), metadata);
    }

    /// <summary>Reads the progress of a run. The template gives the structure and the engine of the parameters.</summary>
    public static Either<Fault, Progress<P>> LoadState<P>(string path, P template, Transform optimizer, ModelCard card)
        where P : class =>
        from file in Read(path, Model.EngineOf(template), header =>
            from _ in card.Accept(header.Metadata)
            from __ in card.AcceptState(header.Metadata)
            from ___ in Facts(header.Metadata)
            let best = HasBest(header.Entries.Select(entry => entry.Name)) ? template : null
            select StateLeaves(template, best, optimizer, LikeStateOf(template, optimizer)))
        from facts in Facts(file.Metadata).In(path)
        let tensors = Named(file)
        select new Progress<P>(
            new TrainState<P>(facts.Step, Fill(template, Last, tensors), optimizer, FillState(template, optimizer, tensors)).Keep(),
            HasBest(tensors.Keys) ? Fill(template, Best, tensors) : null,
            facts.History);

    /// <summary>The checkpoint to write at a path: the path itself if it ends in .safetensors, otherwise a file in that
    /// folder.</summary>
    internal static string At(string path, string file) =>
        path.EndsWith(Path.GetExtension(file), StringComparison.OrdinalIgnoreCase) ? path : Path.Combine(path, file);

    /// <summary>The checkpoint to read at a path: the folder of a run, or a file of any name.</summary>
    public static string Find(string path, string file) => File.Exists(path) ? path : At(path, file);

    /// <summary>Reads the tensors that are expected, once the header has all of them in the right shapes.</summary>
    private static Either<Fault, TensorFile> Read(
        string path, IEngine engine, Func<SafetensorsHeader, Either<Fault, Leaf[]>> expect) =>
        from file in Safetensors.Read(path, engine, header =>
            from expected in expect(header)
            let entries = header.Entries.ToDictionary(entry => entry.Name)
            from _ in expected.Select(leaf => Fits(leaf, entries.GetValueOrDefault(leaf.Name))).All()
            let names = expected.Select(leaf => leaf.Name).ToHashSet()
            select (Func<string, bool>)names.Contains)
        from _ in file.Leaves.Select(IsNumeric).All().In(path)
        select file;

    private static Either<Fault, Unit> Fits(Leaf expected, SafetensorsHeader.Entry? found) =>
        found is null
            ? Fault.Of($"holds no tensor '{expected.Name}'")
        : found.Type != expected.Value.Type
            ? Fault.Of($"'{found.Name}' holds {found.Type} in the file, and {expected.Value.Type} in this model")
        : !Fits(found.Shape, expected.Value.Shape)
            ? Fault.Of($"'{found.Name}' is {found.Shape} in the file, and {expected.Value.Shape} in this model")
        : unit;

    // −∞ is fine: the logarithm of a probability of 0, in a table that was counted without smoothing.
    private static Either<Fault, Unit> IsNumeric(Leaf leaf) =>
        leaf.Value.Type == ElementType.Float32 && leaf.Value.ToArray().Any(value => float.IsNaN(value) || float.IsPositiveInfinity(value))
            ? Fault.Of(
                $"'{leaf.Name}' holds numbers that are not finite, so "
                + $"{(leaf.Name.StartsWith(OptimizerState, StringComparison.Ordinal) ? "training cannot continue" : "the model predicts nothing")}; "
                + "train again")
            : unit;

    private static bool HasBest(IEnumerable<string> names) => names.Any(name => name.StartsWith(Best, StringComparison.Ordinal));

    private static Leaf[] ModelLeaves<P, C>(Model<P, C> model, P p) => [.. Tree.Leaves(p), .. model.Constants(p)];

    private static Leaf[] StateLeaves<P>(P last, P? best, Transform optimizer, Tensor[][] state)
        where P : class
    {
        var trained = Training.Trainable(last);
        return
        [
            .. Prefixed(Last, last),
            .. best is null ? [] : Prefixed(Best, best),
            .. state.SelectMany((entry, e) => entry.Select((tensor, i) => new Leaf(NameOf(e, optimizer, trained[i]), tensor))),
        ];
    }

    private static IEnumerable<Leaf> Prefixed<P>(string prefix, P p) =>
        Tree.Leaves(p).Select(leaf => leaf with { Name = prefix + leaf.Name });

    /// <summary>Tensors of the shapes of an optimizer's state.</summary>
    private static Tensor[][] LikeStateOf<P>(P template, Transform optimizer) =>
        [.. optimizer.State.Select(_ => Training.Trainable(template).Select(leaf => leaf.Value).ToArray())];

    private static Dictionary<string, Tensor> Named(TensorFile file) =>
        file.Leaves.ToDictionary(leaf => leaf.Name, leaf => leaf.Value);

    private static P Fill<P>(P template, string prefix, Dictionary<string, Tensor> tensors) =>
        Tree.Rebuild(template, [.. Tree.Leaves(template).Select(leaf => tensors[prefix + leaf.Name])]);

    private static Tensor[][] FillState<P>(P template, Transform optimizer, Dictionary<string, Tensor> tensors) =>
    [
        .. optimizer.State.Select((_, e) =>
            Training.Trainable(template).Select(leaf => tensors[NameOf(e, optimizer, leaf)]).ToArray()),
    ];

    private static string NameOf(int index, Transform optimizer, Leaf leaf) =>
        $"{OptimizerState}{index}/{optimizer.State[index].Name}/{leaf.Name}";

    private static bool Fits(Shape shape, Shape template) => shape.Rank == template.Rank
        && Enumerable.Range(0, shape.Rank).All(i => template[i] == 0 || template[i] == shape[i]);

    private static Either<Fault, (long Step, ImmutableArray<Evaluation> History)> Facts(
        IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            var step = long.Parse(metadata["step"], NumberStyles.None, CultureInfo.InvariantCulture);
            var history = JsonSerializer.Deserialize(metadata["history"], CheckpointJson.Default.ImmutableArrayEvaluation);
            if (!history.IsDefault && history.All(evaluation => evaluation is not null))
                return (step, history);
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or OverflowException or JsonException)
        {
            // As other texts that are neither.
        }
        return Fault.Of("not the state of a run: its metadata has no valid step and history");
    }
}

/// <summary>The JSON in checkpoints' metadata.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(ImmutableArray<Evaluation>))]
[JsonSerializable(typeof(int[][]))]
[JsonSerializable(typeof(ImmutableSortedDictionary<string, string>))]
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
internal sealed partial class CheckpointJson : JsonSerializerContext;
