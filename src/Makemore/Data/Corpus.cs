using LanguageExt;

namespace Makemore;

/// <summary>How to read a corpus.</summary>
/// <param name="Path">The file of words.</param>
/// <param name="BlockSize">The maximum length of a sequence; by default that of the longest word and its stop.</param>
/// <param name="Shares">How to split the words; by default as makemore.py does.</param>
/// <param name="Deduplicate">Whether to keep only the first of equal words.</param>
/// <param name="Windows">Whether lines may be longer than a sequence and are split into windows.</param>
/// <param name="InMemory">The maximum size in bytes of a file that is read into memory; a larger file is read on demand.</param>
/// <param name="Progress">Receives the number of bytes read so far, from time to time, while a larger file is indexed.</param>
public sealed record CorpusOptions(
    string Path, int? BlockSize = null, SplitShares? Shares = null, bool Deduplicate = false, bool Windows = false,
    long InMemory = CorpusOptions.DefaultInMemory, Action<long>? Progress = null)
{
    /// <summary>The default maximum size of a file that is read into memory, 64 MiB.</summary>
    public const long DefaultInMemory = 64 << 20;
}

/// <summary>A file of words, ready for training: split and encoded, with its vocabulary.</summary>
/// <param name="Words">All words.</param>
/// <param name="Hash">The <see cref="IWords.Hash"/> of the file.</param>
/// <param name="Split">The words of each part.</param>
/// <param name="Vocabulary">The vocabulary of all words.</param>
/// <param name="BlockSize">The maximum length of a sequence.</param>
/// <param name="Windows">Whether lines may be longer than that and are split into windows.</param>
/// <param name="Train">The training words.</param>
/// <param name="Validation">The words for model selection; empty if the split has none.</param>
/// <param name="Test">The words that the loss is reported on.</param>
public sealed record Corpus(
    IWords Words, string Hash, Split Split, Vocabulary Vocabulary, int BlockSize, bool Windows,
    IEncodedWords Train, IEncodedWords Validation, IEncodedWords Test)
{
    private readonly Lazy<IReadOnlySet<string>?> _leaked = new(() => SplitReport.LeakedWords(Split));

    /// <summary>Reads, checks and splits a file of words. Results do not depend on whether the words are in memory.</summary>
    public static Either<Fault, Corpus> Read(CorpusOptions options, Key key) =>
        from file in ReadWords(options)
        let words = options.Deduplicate ? Makemore.Words.Deduplicate(file) : file
        from blockSize in ReadBlockSize(options, words)
        from split in Split.Of(words, key, options.Shares)
        let vocabulary = words.ToVocabulary()
        from train in Encode(vocabulary, words, split.Train)
        from validation in Encode(vocabulary, words, split.Validation)
        from test in Encode(vocabulary, words, split.Test)
        select new Corpus(words, file.Hash, split, vocabulary, blockSize, options.Windows, train, validation, test);

    /// <summary>The numbers of words, and of test words that are also in the training set.</summary>
    public SplitReport Report => SplitReport.Of(Words, Split, _leaked.Value);

    /// <summary>Whether a test word is no training word as well, so that a model cannot have memorized it. All are, where there
    /// are too many to tell.</summary>
    public bool IsUnseen(long index) => _leaked.Value is not { Count: > 0 } leaked || !leaked.Contains(Split.Test[index]);

    /// <summary>Some of the words as batches for an engine.</summary>
    public Batches Batches(IEncodedWords words, int size, IEngine engine) =>
        new(words, BlockSize, size, Engine: engine, Windows: Windows);

    /// <summary>The held-out words that decisions during a run are based on: validation if there is one, test
    /// otherwise.</summary>
    public IEncodedWords Held => Validation.Count > 0 ? Validation : Test;

    private static Either<Fault, IWords> ReadWords(CorpusOptions options)
    {
        var isLarge = File.Exists(options.Path) && new FileInfo(options.Path).Length > options.InMemory;
        return !isLarge ? Makemore.Words.Read(options.Path).Map(words => (IWords)words)
            : options.Deduplicate ? new Fault.TooLargeToDeduplicate(options.InMemory).In(options.Path)
            : FileWords.Open(options.Path, options.Progress).Map(words => (IWords)words);
    }

    private static Either<Fault, int> ReadBlockSize(CorpusOptions options, IWords words) => options switch
    {
        { Windows: false } => Makemore.BlockSize.Of(words, options.BlockSize),
        { BlockSize: { } given } => given,
        _ => new Fault.NoWindowLength(),
    };

    private static Either<Fault, IEncodedWords> Encode(Vocabulary vocabulary, IWords all, IWords part) => all is FileWords
        ? new EncodedOnDemand(vocabulary, part)
        : EncodedWords.Of(vocabulary, part).Map(words => (IEncodedWords)words);
}
