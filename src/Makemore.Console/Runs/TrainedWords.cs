using LanguageExt;

namespace Makemore;

/// <summary>The words that a saved model was trained on, which their hash identifies wherever they are.</summary>
internal static class TrainedWords
{
    /// <summary>The corpus in the file that a person names.</summary>
    /// <param name="file">The file.</param>
    /// <param name="hash">The hash that it must have.</param>
    /// <param name="run">The run, for messages.</param>
    /// <param name="read">Reads the file.</param>
    public static Either<Fault, Corpus> In(string file, string hash, string run, Func<string, Either<Fault, Corpus>> read)
    {
        var otherWords = new Fault.OtherWords(file).In(run);
        return
            from corpus in read(file).MapLeft(fault => fault is Fault.UnknownCharacters ? otherWords : fault)
            from same in corpus.Hash == hash ? corpus : (Either<Fault, Corpus>)otherWords
            select same;
    }

    /// <summary>The first corpus with a hash.</summary>
    /// <param name="hash">The hash.</param>
    /// <param name="corpora">What was read in the places where the words may be.</param>
    /// <param name="otherwise">The fault if none has it.</param>
    public static Either<Fault, Corpus> Find(string hash, IEnumerable<Either<Fault, Corpus>> corpora, Fault otherwise) => corpora
        .Where(read => read.Exists(corpus => corpus.Hash == hash))
        .DefaultIfEmpty(otherwise)
        .First();
}
