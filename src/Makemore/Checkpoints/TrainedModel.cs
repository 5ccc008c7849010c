using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>A model with its parameters and its vocabulary: what <c>model.safetensors</c> holds, and all that generating words
/// needs.</summary>
/// <param name="Model">The model.</param>
/// <param name="Params">Its parameters.</param>
/// <param name="Card">What else is saved: the vocabulary, the block size, options.</param>
public sealed record TrainedModel<P, C>(Model<P, C> Model, P Params, ModelCard Card)
{
    /// <summary>The vocabulary.</summary>
    public Vocabulary Vocabulary => Card.Vocabulary;

    /// <summary>Saves it.</summary>
    /// <param name="path">A folder, which gets <c>model.safetensors</c>, or a file that ends in .safetensors. It is replaced
    /// as a whole.</param>
    /// <returns>Nothing, or why the file could not be written.</returns>
    public Either<Fault, Unit> Save(string path) =>
        Checkpoint.SaveModel(Checkpoint.At(path, Checkpoint.ModelFile), Model, Params, Card);

    /// <summary>The entry of an ONNX file's metadata with the hash that <c>model.safetensors</c> has of its contents.</summary>
    public const string HashName = "model_sha256";

    /// <summary>Writes it as an ONNX file, for other programs to run, with the card for metadata: see
    /// <see cref="OnnxFile.Write"/>.</summary>
    /// <param name="path">The file. A file that is there is replaced as a whole if this wrote it.</param>
    /// <returns>Nothing, or why the file could not be written, or the model cannot be.</returns>
    public Either<Fault, Unit> Export(string path) => OnnxFile.Write(
        path, Model, Params, Card.ToMetadata().Append(KeyValuePair.Create(HashName, Checkpoint.ModelHash(Model, Params, Card))));

    /// <summary>Generates words without end, lazily: take as many as needed. They are those of a script's --sample-only with the
    /// same seed and options, and do not depend on how many are taken.</summary>
    /// <param name="prompt">The beginning of every word.</param>
    /// <param name="temperature">Divides the logits before the softmax; 0 always takes the most likely token.</param>
    /// <param name="topK">Draw only from the k most likely tokens; null for all.</param>
    /// <param name="topP">Draw only from the most likely tokens whose total probability reaches p; 1 for all.</param>
    /// <param name="maxLength">The number of tokens after which a word is cut; by default the block size less 1.</param>
    /// <param name="seed">The random seed.</param>
    /// <returns>The words, prompt included. <see cref="Sampler"/> gives their tokens, and whether a word was cut.</returns>
    /// <exception cref="FaultException">The prompt has a character that is not in the vocabulary.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public IEnumerable<string> Generate(
        string prompt = "", float temperature = 1, int? topK = null, float topP = 1, int? maxLength = null,
        long seed = Key.DefaultSeed) =>
        Sampler.Endless(
            Model, Params, Key.FromSeed(seed, Purpose.Samples),
            new(temperature, topK, topP, maxLength ?? Card.DefaultMaxLength),
            Vocabulary.Encode(prompt).In("prompt").OrThrow())
        .Select(sample => Vocabulary.Decode([.. sample.Tokens]));
}

/// <summary>Makes and loads <see cref="TrainedModel{P, C}"/>s.</summary>
public static class TrainedModel
{
    /// <summary>A model with trained parameters, to generate words or to save.</summary>
    public static TrainedModel<P, C> Of<P, C>(Model<P, C> model, P p, Vocabulary vocabulary) =>
        new(model, p, ModelCard.Of(model, vocabulary));

    /// <summary>Loads the parameters of a model. The file's must have the same names and shapes; no more than its header is read of
    /// one whose have not.</summary>
    /// <param name="path">The folder of a run, or a file.</param>
    /// <param name="model">The model; its Init gives the structure of the parameters.</param>
    /// <param name="engine">The engine of the parameters; by default the managed engine.</param>
    /// <returns>The trained model, or what is wrong with the file.</returns>
    public static Either<Fault, TrainedModel<P, C>> Load<P, C>(string path, Model<P, C> model, IEngine? engine = null) =>
        Load(path, _ => model, engine);

    /// <summary>Loads a model whose form depends on what was saved with it.</summary>
    /// <param name="path">The folder of a run, or a file.</param>
    /// <param name="model">Makes the model from the card: the vocabulary, the block size, sizes by <see cref="ModelCard.Get"/>.</param>
    /// <param name="engine">The engine of the parameters; by default the managed engine.</param>
    /// <returns>The trained model, or what is wrong with the file.</returns>
    public static Either<Fault, TrainedModel<P, C>> Load<P, C>(
        string path, Func<ModelCard, Model<P, C>> model, IEngine? engine = null)
    {
        var file = Checkpoint.Find(path, Checkpoint.ModelFile);
        return
            from card in ModelCard.Read(file)
            from made in card.Make(model).In(file)
            from p in Checkpoint.LoadModel(file, Tree.To(made.Init(default), engine ?? ManagedEngine.Default), card)
            from _ in Predicts(made, p, card).In(file)
            select new TrainedModel<P, C>(made, p, card);
    }

    /// <summary>Whether the model has a finite logit for each token of its vocabulary.</summary>
    private static Either<Fault, Unit> Predicts<P, C>(Model<P, C> model, P p, ModelCard card)
    {
        var logits = Sampler.Stream(model, p, [Vocabulary.Stop]).First();
        return logits.Length != card.Vocabulary.Size ? new Fault.WrongWidth(logits.Length, card.Vocabulary.Size)
            : logits.Any(float.IsNaN) ? Fault.Of("its logits are not numbers, so it predicts nothing; train again")
            : unit;
    }
}
