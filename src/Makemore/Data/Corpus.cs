using LanguageExt;

namespace Makemore;

/// <summary>How to read a corpus.</summary>
/// <param name="Path">The file of words.</param>
/// <param name="BlockSize">The maximum length of a sequence; by default that of the longest word and its stop.</param>
/// <param name="Shares">How to split the words; by default as makemore.py does.</param>
/// <param name="Deduplicate">Whether to keep only the first of equal words.</param>
/// <param name="Windows">Whether lines may be longer than a sequence and are split into windows.</param>
/// <param name="MaxWordLength">The length in text elements beyond which words are left out; by default all are kept.</param>
/// <param name="InMemory">The maximum size in bytes of a file that is read into memory; a larger file is read on demand.</param>
/// <param name="Progress">Receives the number of bytes read so far, from time to time, while a larger file is indexed.</param>
/// <param name="Vocabulary">The vocabulary of a saved model, which must have all characters of the words; by default one of the
/// words.</param>
/// <param name="IsText">Whether the file is one text instead of words: its pieces are contiguous, and sequences are windows of
/// them.</param>
/// <param name="Tokens">What its tokens are, unless it is that of a saved model; by default characters.</param>
public sealed record CorpusOptions(
    string Path, int? BlockSize = null, SplitShares? Shares = null, bool Deduplicate = false, bool Windows = false,
    int? MaxWordLength = null, long InMemory = CorpusOptions.DefaultInMemory, Action<long>? Progress = null,
    Vocabulary? Vocabulary = null, TokenKind? Tokens = null, bool IsText = false)
{
    /// <summary>Stops the indexing of a larger file.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The default block size for a text.</summary>
    public const int TextBlockSize = 64;

    /// <summary>The default maximum size of a file that is read into memory, 64 MiB.</summary>
    public const long DefaultInMemory = 64 << 20;
}

/// <summary>A file of words, ready for training: split and encoded, with its vocabulary.</summary>
/// <param name="Words">All words.</param>
/// <param name="Hash">The <see cref="IWords.Hash"/> of the file.</param>
/// <param name="Split">The words of each part.</param>
/// <param name="Vocabulary">The vocabulary: that of all words, or a larger one.</param>
/// <param name="BlockSize">The maximum length of a sequence.</param>
/// <param name="Windows">Whether lines may be longer than that and are split into windows.</param>
/// <param name="Train">The training words.</param>
/// <param name="Validation">The words for model selection; empty if the split has none.</param>
/// <param name="Test">The words that the loss is reported on.</param>
public sealed partial record Corpus(
    IWords Words, string Hash, Split Split, Vocabulary Vocabulary, int BlockSize, bool Windows,
    IEncodedWords Train, IEncodedWords Validation, IEncodedWords Test)
{
    /// <summary>The length from which on a word may be an <see cref="Outlier"/>.</summary>
    public const int MinOutlier = 64;

    private const int OutlierFactor = 8;

    private readonly Lazy<IReadOnlySet<string>?> _leaked = new(() => SplitReport.LeakedWords(Split));

    /// <summary>Whether it is one text. Then each part has it as a single word, an <see cref="IEncodedText"/>.</summary>
    public bool IsText => TextBytes > 0;

    /// <summary>The size of the text in bytes of UTF-8; 0 for words.</summary>
    public long TextBytes { get; init; }

    /// <summary>Reads, checks and splits a file of words, or a text. Results do not depend on whether the words are in memory.</summary>
    /// <param name="options">The file, and how to read it.</param>
    /// <param name="key">The randomness of the split of words; by default that of scripts.</param>
    /// <exception cref="OperationCanceledException">It was canceled while a large file was indexed.</exception>
    public static Either<Fault, Corpus> Read(CorpusOptions options, Key? key = null) =>
        options.IsText ? ReadText(options) : ReadWords(options, key ?? Key.FromSeed(Key.DefaultSeed, Purpose.Split));

    private static Either<Fault, Corpus> ReadWords(CorpusOptions options, Key key) =>
        from file in ReadFile(options)
        let words = Selected(options, file)
        from split in Split.Of(words, key, options.Shares)
        from vocabulary in VocabularyOf(options, words.ToVocabulary, () => TokenKind.First(split.Train)).In(options.Path)
        from blockSize in ReadBlockSize(options, words, vocabulary)
        from train in Encode(vocabulary, words, split.Train)
        from validation in Encode(vocabulary, words, split.Validation)
        from test in Encode(vocabulary, words, split.Test)
        select new Corpus(words, file.Hash, split, vocabulary, blockSize, options.Windows, train, validation, test);

    /// <summary>The first of the longest words, if it is far longer than most, so that it costs memory and time: its line, the word
    /// as a message quotes it, its length and the mean length of all words.</summary>
    public (long Line, string Word, int Length, double Mean)? Outlier
    {
        get
        {
            if (Windows || BlockSize <= MinOutlier)
                return null;
            var (index, length) = Words.Longest();
            var mean = (double)Words.TotalLength() / Words.Count;
            return length >= MinOutlier && length > OutlierFactor * mean
                ? (Words.Line(index), TextElements.Quote(Words[index]), length, mean)
                : null;
        }
    }

    /// <summary>The numbers of words, and of test words that are also in the training set.</summary>
    public SplitReport Report => SplitReport.Of(Words, Split, _leaked.Value);

    /// <summary>Whether a test word is not a training word as well, so that a model cannot have memorized it. All are, where there
    /// are too many to tell.</summary>
    public bool IsUnseen(long index) => _leaked.Value is not { Count: > 0 } leaked || !leaked.Contains(Split.Test[index]);

    /// <summary>Some of the words as batches for an engine.</summary>
    public Batches Batches(IEncodedWords words, int size, IEngine engine) =>
        new(words, BlockSize, size, Engine: engine, Windows: Windows);

    /// <summary>The held-out words that decisions during a run are based on: validation if there is one, test
    /// otherwise.</summary>
    public IEncodedWords Held => Validation.Count > 0 ? Validation : Test;

    private static Either<Fault, IWords> ReadFile(CorpusOptions options)
    {
        var isLarge = File.Exists(options.Path) && new FileInfo(options.Path).Length > options.InMemory;
        return !isLarge ? Makemore.Words.Read(options.Path).Map(words => (IWords)words)
            : options.Deduplicate ? new Fault.TooLargeToDeduplicate(options.InMemory).In(options.Path)
            : options.MaxWordLength is { } max ? new Fault.TooLargeToShorten(options.InMemory, max).In(options.Path)
            : FileWords.Open(options.Path, options.Progress, options.Cancellation).Map(words => (IWords)words);
    }

    private static IWords Selected(CorpusOptions options, IWords words)
    {
        var kept = options.MaxWordLength is { } max ? Makemore.Words.WithoutLong(words, max) : words;
        return options.Deduplicate ? Makemore.Words.Deduplicate(kept) : kept;
    }

    private static Either<Fault, int> ReadBlockSize(CorpusOptions options, IWords words, Vocabulary vocabulary) => options switch
    {
        { Windows: false } => Makemore.BlockSize.Of(words, options.BlockSize, vocabulary),
        { BlockSize: { } given } => given,
        _ => new Fault.NoWindowLength(),
    };

    private static Either<Fault, Vocabulary> VocabularyOf(
        CorpusOptions options, Func<Vocabulary> characters, Func<IEnumerable<string>> train) =>
        options.Vocabulary is not { } given ? (options.Tokens ?? TokenKind.Characters).Of(characters, train)
        : given.Pairs is null && characters().Beyond(given) is { Length: > 0 } unknown ? new Fault.UnknownCharacters(unknown)
        : given;

    private static Either<Fault, IEncodedWords> Encode(Vocabulary vocabulary, IWords all, IWords part) => all is FileWords
        ? new EncodedOnDemand(vocabulary, part)
        : EncodedWords.Of(vocabulary, part).Map(words => (IEncodedWords)words);
}
