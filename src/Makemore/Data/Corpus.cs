using LanguageExt;

namespace Makemore;

/// <summary>How a file of words becomes a corpus.</summary>
/// <param name="Path">The file.</param>
/// <param name="BlockSize">The greatest length of a sequence; by default the longest word and its end.</param>
/// <param name="Shares">How the words are split; by default as makemore.py does.</param>
/// <param name="Deduplicate">Whether only the first of equal words stays.</param>
public sealed record CorpusOptions(
    string Path, int? BlockSize = null, SplitShares? Shares = null, bool Deduplicate = false);

/// <summary>A file of words, ready for training: split, with its vocabulary, as tokens.</summary>
/// <param name="Split">The words of each part.</param>
/// <param name="Report">How many there are, and how many test words also stand in the training set.</param>
/// <param name="Vocabulary">The tokens of all words.</param>
/// <param name="BlockSize">The greatest length of a sequence.</param>
/// <param name="Train">The training words.</param>
/// <param name="Validation">The words that choices are made by; none where the split has none.</param>
/// <param name="Test">The words that the loss is reported on.</param>
public sealed record Corpus(
    Split Split, SplitReport Report, Vocabulary Vocabulary, int BlockSize,
    EncodedWords Train, EncodedWords Validation, EncodedWords Test)
{
    /// <summary>Reads, checks and splits a file of words.</summary>
    public static Either<Fault, Corpus> Read(CorpusOptions options, Key key) =>
        from all in Words.Read(options.Path)
        let words = options.Deduplicate ? Words.Deduplicate(all) : all
        from blockSize in Makemore.BlockSize.Of(words, options.BlockSize)
        from split in Split.Of(words, key, options.Shares)
        let vocabulary = Vocabulary.Of(words)
        from train in EncodedWords.Of(vocabulary, split.Train)
        from validation in EncodedWords.Of(vocabulary, split.Validation)
        from test in EncodedWords.Of(vocabulary, split.Test)
        select new Corpus(split, SplitReport.Of(words, split), vocabulary, blockSize, train, validation, test);

    /// <summary>The test words that do not stand in the training set: what a model cannot have learned by heart.</summary>
    public EncodedWords Unseen
    {
        get
        {
            var leaked = Split.Test.All().ToHashSet(StringComparer.Ordinal);
            leaked.IntersectWith(Split.Train.All());
            return Test.Where(index => !leaked.Contains(Split.Test[index]));
        }
    }

    /// <summary>The words that a run is steered by: validation where there is one, else test.</summary>
    public EncodedWords Held => Validation.Count > 0 ? Validation : Test;
}
