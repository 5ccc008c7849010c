using LanguageExt;

namespace Makemore;

/// <summary>The words that a saved model was trained on, which their hash identifies wherever they are.</summary>
internal static class TrainedWords
{
    /// <summary>The first corpus with a hash.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="corpora">What was read in the places where the words may be.</param>
    /// <param name="otherwise">The fault if none has it.</param>
    public static Either<Fault, Corpus> Find(string hash, IEnumerable<Either<Fault, Corpus>> corpora, Fault otherwise) => corpora
        .Where(read => read.Exists(corpus => corpus.Hash == hash))
        .DefaultIfEmpty(otherwise)
        .First();
}
