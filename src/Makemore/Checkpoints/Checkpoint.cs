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
    /// <summary>Writes a model's parameters and constants.</summary>
    public static Either<Fault, Unit> SaveModel<P, C>(string path, Model<P, C> model, P p, ModelCard card) =>
        Safetensors.Write(path, [.. Tree.Leaves(p), .. model.Constants(p)], card.ToMetadata());

    /// <summary>Reads a model's parameters into a record of the same structure as the template. A dimension of 0 in the template
    /// accepts any size: it is that of a table whose rows are only known once something was counted.</summary>
    public static Either<Fault, P> LoadModel<P>(string path, P template, ModelCard card) =>
        from file in Safetensors.Read(path, Model.EngineOf(template))
        from _ in card.Accept(file.Metadata).In(path)
        from p in Fill(template, "", Named(file)).In(path)
        select p;

    /// <summary>Writes the progress of a run.</summary>
    public static Either<Fault, Unit> SaveState<P>(string path, Progress<P> progress, ModelCard card)
        where P : class
    {
        var state = progress.State;
        var names = Training.Trainable(state.Params).Select(leaf => leaf.Name).ToArray();
        var optimizerState = state.OptimizerState.SelectMany((entry, e) =>
            entry.Select((tensor, i) => new Leaf(NameOf(e, state.Optimizer.State[e], names[i]), tensor)));
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["step"] = $"{state.Step}",
            ["history"] = JsonSerializer.Serialize(progress.History, CheckpointJson.Default.ImmutableArrayEvaluation),
        };
        foreach (var (name, value) in card.ToMetadata())
            metadata[name] = value;
        var best = progress.Best is { } p ? Prefixed("best/", p) : [];
        return Safetensors.Write(path, [.. Prefixed("last/", state.Params), .. best, .. optimizerState], metadata);
    }

    /// <summary>Reads the progress of a run. The template gives the structure and the engine of the parameters.</summary>
    public static Either<Fault, Progress<P>> LoadState<P>(string path, P template, Transform optimizer, ModelCard card)
        where P : class =>
        from file in Safetensors.Read(path, Model.EngineOf(template))
        from progress in (
            from _ in card.Accept(file.Metadata)
            from __ in card.AcceptState(file.Metadata)
            from facts in Facts(file.Metadata)
            let tensors = Named(file)
            from last in Fill(template, "last/", tensors)
            from best in tensors.Keys.Any(name => name.StartsWith("best/", StringComparison.Ordinal))
                ? Fill(template, "best/", tensors).Map(Some)
                : Option<P>.None
            from optimizerState in FillState(template, optimizer, tensors)
            select new Progress<P>(
                new TrainState<P>(facts.Step, last, optimizer, optimizerState).Keep(), best.MatchUnsafe(p => p, () => null!), facts.History))
            .In(path)
        select progress;

    private static IEnumerable<Leaf> Prefixed<P>(string prefix, P p) =>
        Tree.Leaves(p).Select(leaf => leaf with { Name = prefix + leaf.Name });

    private static Dictionary<string, Tensor> Named(TensorFile file) =>
        file.Leaves.ToDictionary(leaf => leaf.Name, leaf => leaf.Value);

    private static Either<Fault, P> Fill<P>(P template, string prefix, Dictionary<string, Tensor> tensors) =>
        Tree.Leaves(template)
            .Select(leaf => Find(prefix + leaf.Name, leaf.Value, tensors))
            .All()
            .Map(found => Tree.Rebuild(template, [.. found]));

    private static Either<Fault, Tensor[][]> FillState<P>(
        P template, Transform optimizer, Dictionary<string, Tensor> tensors)
    {
        var leaves = Training.Trainable(template);
        return optimizer.State
            .Select((entry, e) => leaves.Select(leaf => Find(NameOf(e, entry, leaf.Name), leaf.Value, tensors)).All())
            .All();
    }

    private static string NameOf(int index, StateEntry entry, string leaf) => $"optimizer/{index}/{entry.Name}/{leaf}";

    private static Either<Fault, Tensor> Find(string name, Tensor like, Dictionary<string, Tensor> tensors) =>
        !tensors.TryGetValue(name, out var tensor)
            ? Fault.Of($"holds no tensor '{name}'")
        : tensor.Type != like.Type
            ? Fault.Of($"'{name}' holds {tensor.Type} there, and {like.Type} with these options")
        : !Fits(tensor.Shape, like.Shape)
            ? Fault.Of($"'{name}' is {tensor.Shape} there, and {like.Shape} with these options")
        : tensor;

    private static bool Fits(Shape shape, Shape template) => shape.Rank == template.Rank
        && Enumerable.Range(0, shape.Rank).All(i => template[i] == 0 || template[i] == shape[i]);

    private static Either<Fault, (long Step, ImmutableArray<Evaluation> History)> Facts(
        IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            return (
                long.Parse(metadata["step"], CultureInfo.InvariantCulture),
                JsonSerializer.Deserialize(metadata["history"], CheckpointJson.Default.ImmutableArrayEvaluation));
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or OverflowException or JsonException)
        {
            return Fault.Of("not the state of a run: its metadata has no valid step and history");
        }
    }
}

/// <summary>The JSON in checkpoints' metadata.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(ImmutableArray<Evaluation>))]
[JsonSerializable(typeof(ImmutableSortedDictionary<string, string>))]
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
internal sealed partial class CheckpointJson : JsonSerializerContext;
