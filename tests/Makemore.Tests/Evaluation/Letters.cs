namespace Makemore.Tests;

/// <summary>Words of lowercase letters as tokens: a is 1.</summary>
internal static class Letters
{
    public static int[] Tokens(string word) => [.. word.Select(letter => letter - 'a' + 1)];

    public static Sample[] Samples(params string[] words) => [.. words.Select(word => new Sample(Tokens(word), true))];

    public static int[][] Sequences(params string[] words) => [.. words.Select(word => (int[])[.. Tokens(word), 0])];

    /// <summary>The same as words of a corpus.</summary>
    public static IEncodedWords Encoded(params string[] words) => new Listed([.. words.Select(Tokens)]);

    private sealed record Listed(int[][] All) : IEncodedWords
    {
        public long Count => All.Length;

        public ReadOnlySpan<int> this[long index] => All[index];
    }
}
