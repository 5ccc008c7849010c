using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>One evaluation in the history of a run: losses in nats a token, and the standard error of the held-out
/// one.</summary>
public sealed record Evaluated(long Step, double Train, double Held, double StandardError);

/// <summary>Everything that a run goes on from: where it stands, the best parameters it met, and its evaluations.</summary>
/// <param name="State">The last state.</param>
/// <param name="Best">The parameters of the lowest loss at a regular evaluation; none before the first.</param>
/// <param name="History">The regular evaluations.</param>
public sealed record Progress<P>(TrainState<P> State, P? Best, ImmutableArray<Evaluated> History)
    where P : class
{
    /// <summary>The lowest held-out loss at a regular evaluation.</summary>
    public double BestLoss => History.Select(entry => entry.Held).DefaultIfEmpty(double.PositiveInfinity).Min();

    /// <summary>The progress after a regular evaluation of some parameters: the state's, or their running mean.</summary>
    public Progress<P> After(TrainState<P> state, P evaluated, Evaluated entry)
    {
        var isBest = entry.Held < BestLoss;
        if (isBest)
            state.Keep();
        return new(state, isBest ? evaluated : Best, History.Add(entry));
    }
}

/// <summary>
/// Saving and loading: <c>model.safetensors</c> is the best model, for everybody; <c>state.safetensors</c> is all that
/// resuming a run takes. Both are written beside, flushed and renamed, so that there is always the old or the new.
/// </summary>
public static class Checkpoint
{
    /// <summary>Writes a model's parameters, and the constants that belong to it.</summary>
    public static Either<Fault, Unit> SaveModel<P, C>(string path, Model<P, C> model, P p, ModelCard card) =>
        Safetensors.Write(path, [.. Tree.Leaves(p), .. model.Constants(p)], card.ToMetadata());

    /// <summary>Reads a model's parameters into a record of the template's form.</summary>
    public static Either<Fault, P> LoadModel<P>(string path, P template, ModelCard card) =>
        from file in Safetensors.Read(path, Model.EngineOf(template))
        from _ in card.Accept(file.Metadata).In(path)
        from p in Fill(template, "", Named(file)).In(path)
        select p;

    /// <summary>Writes where a run stands.</summary>
    public static Either<Fault, Unit> SaveState<P>(
        string path, Progress<P> progress, Transform optimizer, ModelCard card)
        where P : class
    {
        var state = progress.State;
        var names = Training.Trainable(state.Params).Select(leaf => leaf.Name).ToArray();
        var memory = state.OptimizerState.SelectMany((slot, s) =>
            slot.Select((tensor, i) => new Leaf($"memory/{s}/{optimizer.State[s].Name}/{names[i]}", tensor)));
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["step"] = $"{state.Step}",
            ["loss"] = state.Loss.ToString("R", CultureInfo.InvariantCulture),
            ["history"] = JsonSerializer.Serialize(progress.History, CheckpointJson.Default.ImmutableArrayEvaluated),
        };
        foreach (var (name, value) in card.ToMetadata())
            metadata[name] = value;
        var best = progress.Best is { } p ? Prefixed("best/", p) : [];
        return Safetensors.Write(path, [.. Prefixed("last/", state.Params), .. best, .. memory], metadata);
    }

    /// <summary>Reads where a run stood. The template gives the form and the engine of the parameters.</summary>
    public static Either<Fault, Progress<P>> LoadState<P>(string path, P template, Transform optimizer, ModelCard card)
        where P : class =>
        from file in Safetensors.Read(path, Model.EngineOf(template))
        from progress in (
            from _ in card.Accept(file.Metadata)
            from __ in card.AcceptWords(file.Metadata)
            from facts in Facts(file.Metadata)
            let tensors = Named(file)
            from last in Fill(template, "last/", tensors)
            from best in tensors.Keys.Any(name => name.StartsWith("best/", StringComparison.Ordinal))
                ? Fill(template, "best/", tensors).Map(Some)
                : Option<P>.None
            from memory in FillMemory(template, optimizer, tensors)
            select new Progress<P>(
                new TrainState<P>(facts.Step, last, memory, facts.Loss).Keep(), best.MatchUnsafe(p => p, () => null!),
                facts.History))
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

    private static Either<Fault, Tensor[][]> FillMemory<P>(
        P template, Transform optimizer, Dictionary<string, Tensor> tensors)
    {
        var leaves = Training.Trainable(template);
        return optimizer.State
            .Select((slot, s) => leaves
                .Select(leaf => Find($"memory/{s}/{slot.Name}/{leaf.Name}", leaf.Value, tensors))
                .All())
            .All();
    }

    private static Either<Fault, Tensor> Find(string name, Tensor like, Dictionary<string, Tensor> tensors) =>
        !tensors.TryGetValue(name, out var tensor)
            ? Fault.Of($"holds no tensor '{name}'")
        : tensor.Type != like.Type
            ? Fault.Of($"'{name}' holds {tensor.Type} there, and {like.Type} with these options")
        : tensor.Shape != like.Shape
            ? Fault.Of($"'{name}' is {tensor.Shape} there, and {like.Shape} with these options")
        : tensor;

    private static Either<Fault, (long Step, float Loss, ImmutableArray<Evaluated> History)> Facts(
        IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            return (
                long.Parse(metadata["step"], CultureInfo.InvariantCulture),
                float.Parse(metadata["loss"], CultureInfo.InvariantCulture),
                JsonSerializer.Deserialize(metadata["history"], CheckpointJson.Default.ImmutableArrayEvaluated));
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or OverflowException or JsonException)
        {
            return Fault.Of("not the state of a run: its metadata does not say where it stands");
        }
    }
}

/// <summary>The JSON texts in checkpoints.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(ImmutableArray<Evaluated>))]
[JsonSerializable(typeof(ImmutableSortedDictionary<string, string>))]
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
internal sealed partial class CheckpointJson : JsonSerializerContext;
