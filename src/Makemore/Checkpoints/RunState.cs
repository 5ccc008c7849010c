using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>A training run between two steps: what <c>state.safetensors</c> holds, and all that resuming needs besides the
/// words.</summary>
/// <param name="Model">What is trained.</param>
/// <param name="Progress">The parameters, the optimizer's state, the best parameters so far and the evaluations.</param>
/// <param name="Card">What else is saved: the vocabulary, the block size, the hash of the words, options.</param>
public sealed record RunState<P, C>(Model<P, C> Model, Progress<P> Progress, ModelCard Card)
    where P : class
{
    /// <summary>Saves it.</summary>
    /// <param name="path">A folder, which gets <c>state.safetensors</c>, or a file that ends in .safetensors. It is replaced
    /// as a whole.</param>
    /// <returns>Nothing, or why the file could not be written.</returns>
    public Either<Fault, Unit> Save(string path) =>
        Checkpoint.SaveState(Checkpoint.At(path, Checkpoint.StateFile), Progress, Card);
}

/// <summary>Starts and loads <see cref="RunState{P, C}"/>s.</summary>
public static class RunState
{
    /// <summary>The state before the first step, with the initial parameters that a script has with the same seed.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="corpus">The words.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="seed">The random seed.</param>
    /// <param name="engine">The engine of the parameters; by default the managed engine.</param>
    public static RunState<P, C> Start<P, C>(
        Model<P, C> model, Corpus corpus, Transform optimizer, long seed = Key.DefaultSeed, IEngine? engine = null)
        where P : class
    {
        var p = Tree.To(model.Init(Key.FromSeed(seed, Purpose.Init)), engine ?? ManagedEngine.Default);
        return new(
            model, Progress<P>.Start(TrainState<P>.Start(p, optimizer)),
            ModelCard.Of(model, corpus.Vocabulary).With(ModelCard.WordsHash, corpus.Hash));
    }

    /// <summary>Loads the state of a run.</summary>
    /// <param name="path">The folder of a run, or a file.</param>
    /// <param name="model">The model; its Init gives the structure of the parameters.</param>
    /// <param name="corpus">The words, which must be those that the run was trained on, with its vocabulary.</param>
    /// <param name="optimizer">The optimizer that the run was trained by.</param>
    /// <param name="engine">The engine of the parameters; by default the managed engine.</param>
    /// <returns>The state, or what is wrong with the file.</returns>
    public static Either<Fault, RunState<P, C>> Load<P, C>(
        string path, Model<P, C> model, Corpus corpus, Transform optimizer, IEngine? engine = null)
        where P : class =>
        Load(path, _ => model, corpus, optimizer, engine);

    /// <summary>Loads the state of a run of a model whose form depends on what was saved with it.</summary>
    /// <param name="path">The folder of a run, or a file.</param>
    /// <param name="model">Makes the model from the card: the vocabulary, the block size, sizes by <see cref="ModelCard.Get"/>.</param>
    /// <param name="corpus">The words, which must be those that the run was trained on, with its vocabulary.</param>
    /// <param name="optimizer">The optimizer that the run was trained by.</param>
    /// <param name="engine">The engine of the parameters; by default the managed engine.</param>
    /// <returns>The state, or what is wrong with the file.</returns>
    public static Either<Fault, RunState<P, C>> Load<P, C>(
        string path, Func<ModelCard, Model<P, C>> model, Corpus corpus, Transform optimizer, IEngine? engine = null)
        where P : class
    {
        var file = Checkpoint.Find(path, Checkpoint.StateFile);
        return
            from card in ModelCard.Read(file)
            from _ in IsOf(card, corpus).In(file)
            from made in card.Make(model).In(file)
            let template = Tree.To(made.Init(default), engine ?? ManagedEngine.Default)
            from progress in Checkpoint.LoadState(file, template, optimizer, card)
            select new RunState<P, C>(made, progress, card);
    }

    private static Either<Fault, Unit> IsOf(ModelCard card, Corpus corpus) =>
        card.Options.GetValueOrDefault(ModelCard.WordsHash) != corpus.Hash ? new Fault.OtherWords(corpus.Words.Source)
        : !card.Vocabulary.Equals(corpus.Vocabulary)
            ? Fault.Of("holds a run with another vocabulary than that of the words; read them with the vocabulary of its card")
        : unit;
}
