using System.Globalization;
using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>Something wrong outside the program, in a file or an option, as a value.</summary>
/// <remarks>A message says what is wrong without naming command-line options. A fault that an option can remedy is a case of its
/// own, so that a program can name its option.</remarks>
public abstract record Fault
{
    private Fault()
    {
    }

    /// <summary>One line: where, and what is wrong.</summary>
    public string Message => Place + What;

    private string Place { get; init; } = "";

    private protected abstract string What { get; }

    /// <summary>A fault without a case of its own.</summary>
    public static Fault Of(string message) => new Other(message);

    /// <summary>A fault without a case of its own. Of each value in the interpolated string it quotes at most
    /// <see cref="MaxQuoted"/> characters: values may come from any file.</summary>
    public static Fault Of(Quoting message) => new Other(message.ToString());

    /// <summary>The maximum number of characters that a message quotes of a text that it was given.</summary>
    public const int MaxQuoted = 80;

    /// <summary>A text as a message quotes it: visible (<see cref="Visible.Line"/>), and truncated.</summary>
    public static string Quoted(string text)
    {
        var shown = Visible.Line(text.Length > MaxQuoted ? text[..(MaxQuoted + 1)] : text);
        return shown.Length <= MaxQuoted ? shown : shown[..(MaxQuoted - (char.IsHighSurrogate(shown[MaxQuoted - 2]) ? 2 : 1))] + "…";
    }

    /// <summary>The same fault, with a place in front of the message.</summary>
    public Fault In(string place) => this with { Place = $"{place}: {Place}" };

    /// <summary>The message.</summary>
    public sealed override string ToString() => Message;

    /// <summary>A file that is not a list of words.</summary>
    /// <param name="Reason">Why not, such as "the file is empty".</param>
    public sealed record NotWords(string Reason) : Fault
    {
        private protected override string What => Reason;
    }

    /// <summary>A file of words or of a text that is neither.</summary>
    /// <param name="Reason">Why not, such as "line 2 has byte 0x00, which no text has".</param>
    public sealed record NotText(string Reason) : Fault
    {
        private protected override string What => $"not a text file: {Reason}";
    }

    /// <summary>A word that does not fit into a block.</summary>
    /// <param name="Line">The word's line in its source, from 1.</param>
    /// <param name="Word">The word, as a message quotes it.</param>
    /// <param name="Length">Its length in tokens.</param>
    /// <param name="BlockSize">The requested block size, if any.</param>
    /// <param name="IsInCharacters">Whether tokens are characters, so that a shorter word has fewer of them.</param>
    public sealed record WordTooLong(long Line, string Word, int Length, int? BlockSize, bool IsInCharacters = true) : Fault
    {
        /// <summary>What a token is called: character, or token.</summary>
        public string Unit => IsInCharacters ? "character" : "token";

        /// <summary>The minimum block size for the word.</summary>
        public int MinBlockSize => Length + 1;

        private protected override string What => $"line {Line}: {Word} has {Length} {Unit}s"
            + (BlockSize is null ? ", too many for a default block size" : " and does not fit");
    }

    /// <summary>A piece of a text with no more tokens than a block.</summary>
    /// <param name="Piece">The piece: training, validation or test.</param>
    /// <param name="Tokens">Its number of tokens.</param>
    /// <param name="BlockSize">The block size.</param>
    public sealed record PieceTooShort(string Piece, long Tokens, int BlockSize) : Fault
    {
        private protected override string What =>
            $"the {Piece} piece of the text has {Tokens} tokens, and a block of {BlockSize} and its next token do not fit";
    }

    /// <summary>Words with too few pairs of tokens for a vocabulary.</summary>
    /// <param name="Size">The requested number of tokens.</param>
    /// <param name="MaxSize">The maximum number of tokens.</param>
    public sealed record TooFewPairs(int Size, int MaxSize) : Fault
    {
        private protected override string What =>
            $"{Size} tokens cannot be learned from the training words: no pair occurs twice once there are {MaxSize}";
    }

    /// <summary>Windows without a block size, which is their length.</summary>
    public sealed record NoWindowLength : Fault
    {
        private protected override string What => "give the length of a window too";
    }

    /// <summary>A file that is too large to deduplicate.</summary>
    /// <param name="InMemory">The maximum size of a file that is read into memory, in bytes.</param>
    public sealed record TooLargeToDeduplicate(long InMemory) : Fault
    {
        private protected override string What => $"above {InMemory >> 20} MiB equal words are not looked for: "
            + "make a file of distinct words first, for example with LC_ALL=C sort -u";
    }

    /// <summary>A file that is too large to leave out its long words.</summary>
    /// <param name="InMemory">The maximum size of a file that is read into memory, in bytes.</param>
    /// <param name="MaxLength">The maximum length of a word.</param>
    public sealed record TooLargeToShorten(long InMemory, int MaxLength) : Fault
    {
        private protected override string What => $"above {InMemory >> 20} MiB long words are not left out: "
            + $"make a file without them first, for example with awk 'length <= {MaxLength}'";
    }

    /// <summary>A run that was trained on other words.</summary>
    /// <param name="Than">The file of words that are not the run's, if it is known.</param>
    public sealed record OtherWords(string? Than = null) : Fault
    {
        private protected override string What => "holds a run that was trained on other words" + (Than is null ? "" : $" than {Than}");
    }

    /// <summary>A run whose words are not found where they were.</summary>
    /// <param name="Path">Where they were; null if that is not known.</param>
    public sealed record WordsGone(string? Path) : Fault
    {
        private protected override string What =>
            $"the words that it was trained on are {(Path is null ? "not known" : $"no longer in {Quoted(Path)}")}";
    }

    /// <summary>A run whose loss or parameters became infinite or NaN.</summary>
    /// <param name="Step">The number of steps taken.</param>
    /// <param name="Loss">The last step's loss.</param>
    /// <param name="Leaf">The first parameter that is not finite, if any.</param>
    /// <param name="LastGood">The last good checkpoint, and a step that it is not before.</param>
    public sealed record Diverged(long Step, double Loss, string? Leaf, (string File, long Step)? LastGood) : Fault
    {
        private protected override string What =>
            $"step {Step}: the loss is {Loss.ToString(CultureInfo.InvariantCulture)}"
            + (Leaf is null ? "" : $", {(double.IsFinite(Loss) ? "but" : "and")} '{Leaf}' has numbers that are not finite")
            + (LastGood is { } good
                ? $"; the last good checkpoint is {good.File}, of step {good.Step} or later"
                : "; nothing was saved before it");
    }

    /// <summary>Words with characters that a saved model has no tokens for.</summary>
    /// <param name="Characters">The characters, as a message lists them.</param>
    public sealed record UnknownCharacters(string Characters) : Fault
    {
        private protected override string What => $"the saved model does not know {Characters}";
    }

    /// <summary>A signal that ended the program, or a part of its work.</summary>
    /// <param name="ExitCode">The exit code that tells so: 128 plus the number of the signal.</param>
    public sealed record Interrupted(int ExitCode) : Fault
    {
        private protected override string What => "interrupted";
    }

    /// <summary>A model whose logits do not fit its vocabulary.</summary>
    /// <param name="Width">The size of the logits' last dimension.</param>
    /// <param name="VocabSize">The number of tokens.</param>
    public sealed record WrongWidth(int Width, int VocabSize) : Fault
    {
        private protected override string What =>
            $"wrong width: the model's logits are {Width} wide, and there are {VocabSize} tokens";
    }

    /// <summary>A folder that another run writes to.</summary>
    public sealed record WorkDirInUse : Fault
    {
        private protected override string What => "another run is writing to this folder";
    }

    /// <summary>A folder with results of another kind.</summary>
    /// <param name="Results">What it has.</param>
    public sealed record OtherPurpose(string Results) : Fault
    {
        private protected override string What => $"holds {Results}";
    }

    /// <summary>A file that somebody else wrote in place of one of Makemore's.</summary>
    public sealed record ForeignFile : Fault
    {
        private protected override string What => "Makemore did not write this file and will not replace it";
    }

    /// <summary>A message with quotations; the compiler makes it of an interpolated string.</summary>
    [InterpolatedStringHandler]
    public ref struct Quoting(int literalLength, int formattedCount)
    {
        private DefaultInterpolatedStringHandler _text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);

        /// <summary>Appends a part of the message itself.</summary>
        public void AppendLiteral(string literal) => _text.AppendLiteral(literal);

        /// <summary>Appends a fault, which has been quoted already.</summary>
        public void AppendFormatted(Fault fault) => _text.AppendLiteral(fault.Message);

        /// <summary>Appends a value.</summary>
        public void AppendFormatted<T>(T value) => _text.AppendLiteral(Quoted($"{value}"));

        /// <inheritdoc/>
        public override string ToString() => _text.ToStringAndClear();
    }

    private sealed record Other(string Text) : Fault
    {
        private protected override string What => Text;
    }
}
