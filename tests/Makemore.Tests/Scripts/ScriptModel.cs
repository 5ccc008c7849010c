using System.Collections.Concurrent;
using System.Reflection;

namespace Makemore.Tests.Scripts;

/// <summary>A check of a model of any type.</summary>
internal interface IModelCheck
{
    /// <summary>Checks a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="p">Parameters in general position: those that the script saved, with noise.</param>
    void Check<P, C>(Model<P, C> model, P p)
        where P : class;
}

/// <summary>The model that a script declares, in this process.</summary>
/// <param name="Model">The value of the script's one variable that is a model.</param>
/// <param name="File">The parameters that the script saved.</param>
/// <param name="Output">What the script printed.</param>
internal sealed record ScriptModel(object Model, TensorFile File, string Output)
{
    /// <summary>Small sizes.</summary>
    public static readonly (string Option, string Value)[] Small =
        [("--n-embd", "8"), ("--n-embd2", "12"), ("--n-layer", "2"), ("--n-head", "2"), ("--block-size", "16")];

    private static readonly ConcurrentDictionary<string, Lazy<ScriptModel>> Loaded = new();
    private static readonly MethodInfo CheckMethod =
        typeof(ScriptModel).GetMethod(nameof(Check), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>The model of a script at small sizes, untrained or counted.</summary>
    public static ScriptModel Of(string script) => Of(script, Small);

    /// <summary>The model of a script at given sizes, as far as it has such options, untrained or counted.</summary>
    public static ScriptModel Of(string script, (string Option, string Value)[] sizes) =>
        Loaded.GetOrAdd($"{script} {string.Join(' ', sizes)}", _ => new(() => Load(ScriptFile.Of(script), sizes))).Value;

    /// <summary>Checks the model, with its parameters on an engine.</summary>
    public void Check(IModelCheck check, string engine = Engines.Managed) => CheckMethod
        .MakeGenericMethod(Model.GetType().GetGenericArguments())
        .Invoke(
            null, BindingFlags.DoNotWrapExceptions, null,
            [Model, File, check, engine == Engines.Managed ? ManagedEngine.Default : TestedEngine.Of(engine)], null);

    private static ScriptModel Load(ScriptFile script, (string Option, string Value)[] sizes)
    {
        var workDir = ScriptProcess.At("models", Guid.NewGuid().ToString("N"));
        string[] arguments =
        [
            "-i", "names.txt", "-o", workDir, "--num", "5", "--threads", "1", "--report-samples", "20",
            .. script.IsCounted ? [] : script.Arguments(("--max-steps", "0")), .. script.Arguments(sizes),
        ];
        var (variables, outcome) = InProcess.Run(script.FilePath, ScriptProcess.Folder, arguments);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var model = Assert.Single(variables!.GetType().GetFields(), field => IsModel(field.FieldType)).GetValue(variables)!;
        return new(model, Safetensors.Read(Path.Combine(workDir, "model.safetensors")).Value(), outcome.Output);
    }

    private static bool IsModel(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Model<,>);

    private static void Check<P, C>(Model<P, C> model, TensorFile file, IModelCheck check, IEngine engine)
        where P : class
    {
        var saved = file.Leaves.ToDictionary(leaf => leaf.Name, leaf => leaf.Value);
        var template = model.Init(Key.FromSeed(1));
        var perturbed = Tree.Leaves(template).Select((leaf, i) => Perturbed(saved[leaf.Name], Key.FromSeed(2).At(i)));
        check.Check(model, Tree.To(Tree.Rebuild(template, [.. perturbed]), engine));
    }

    /// <summary>Adds noise of up to ±0.2, so that no element is 0 or 1 because of its initialization.</summary>
    private static Tensor Perturbed(Tensor tensor, Key key) => tensor.Type == ElementType.Int32
        ? tensor
        : tensor + Tensor.Of(key.Uniforms(tensor.Shape.Size, -0.2f, 0.2f), tensor.Shape);
}
