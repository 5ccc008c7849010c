#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable
using System.Text.RegularExpressions;

// Byte-pair encoding: Sennrich, Haddow, Birch: "Neural machine translation of rare words with subword units", 2016,
// https://arxiv.org/abs/1508.07909, on bytes as in GPT-2 (Radford et al. 2019).
//
// Where a model's tokens come from, if they are not characters. At first every byte is a token. Then the pair of tokens that
// is most often side by side becomes one, again and again: frequent words end up as one token, rare ones as several, and no
// text is unknown, because its bytes are not. Here all of it is in the open, and counts every pair again for each merge; the
// library's BytePairs learns the same merges faster, for --vocabulary bpe:N in the scripts with models.

// No pair reaches across the borders of chunks, or "the cat" would become one token as soon as it is frequent enough: a chunk is
// an English contraction, a run of letters, digits or other characters with the space before it, or white space.
const string Chunk = @"'(?:[sdmt]|ll|ve|re)| ?[\p{L}\p{M}]+| ?\p{N}+| ?[^\s\p{L}\p{M}\p{N}]+|[^\S\n]+(?!\S)|\s";

IEnumerable<string> Chunks(string text) => Regex.Matches(text, Chunk).Select(chunk => chunk.Value);

int[] Bytes(string chunk) => [.. Encoding.UTF8.GetBytes(chunk).Select(value => (int)value)];

// How often two tokens are side by side: the chunks, and how often each occurs → the pairs, and how often each does.
Dictionary<(int, int), int> Pairs(List<(int[] Tokens, int Count)> chunks)
{
    var pairs = new Dictionary<(int, int), int>();
    foreach (var (tokens, count) in chunks)
        foreach (var pair in tokens.Zip(tokens.Skip(1)))
            pairs[pair] = pairs.GetValueOrDefault(pair) + count;
    return pairs;
}

// The tokens with every occurrence of a pair, from left to right, as one token.
int[] Merge(int[] tokens, (int Left, int Right) pair, int token)
{
    var merged = new List<int>();
    for (var i = 0; i < tokens.Length; i++)
        if (i + 1 < tokens.Length && (tokens[i], tokens[i + 1]) == pair)
        {
            merged.Add(token);
            i++;
        }
        else
            merged.Add(tokens[i]);
    return [.. merged];
}

// To encode a text, do to it what was done to the text that the merges were learned from, in the same order.
int[] Encode(string text) => [.. Chunks(text).SelectMany(EncodeChunk)];

int[] EncodeChunk(string chunk) => Enumerable.Range(0, merges.Count)
    .Aggregate(Bytes(chunk), (tokens, i) => Merge(tokens, merges[i], 256 + i));

string Decode(int[] tokens) => Encoding.UTF8.GetString([.. tokens.SelectMany(BytesOf)]);

// A token is a byte, or the bytes of the two tokens that it was merged from.
byte[] BytesOf(int token) => token < 256 ? [(byte)token] : [.. BytesOf(merges[token - 256].Left), .. BytesOf(merges[token - 256].Right)];

// A token may be a part of a character only, and then is shown in hexadecimal.
string Show(int token) => Encoding.UTF8.GetString(BytesOf(token)) is var text && !text.Contains('\uFFFD')
    ? Visible.Word(text)
    : string.Concat(BytesOf(token).Select(value => $"<{value:X2}>"));

var input = Option.Path("--input-file", "the text to learn from [default: the project's names]", alias: "-i");
var size = Option.Number("--tokens", 512, "number of tokens: the 256 bytes, and those that are merged", min: 256);
var lesson = Lesson.Open(Args, "tokenizer", "Byte-pair encoding (Sennrich et al. 2016), in the open.", [input, size]);

var text = lesson.ReadText(input);
var chunks = Chunks(text).CountBy(chunk => chunk).Select(chunk => (Tokens: Bytes(chunk.Key), Count: chunk.Value)).ToList();
var merges = new List<(int Left, int Right)>();
return lesson.Run(() =>
{
    while (256 + merges.Count < lesson.Get(size))
    {
        // Of equally frequent pairs that with the lowest left token, then the lowest right one.
        var (pair, count) = Pairs(chunks).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).FirstOrDefault();
        if (count < 2)
            break;
        var token = 256 + merges.Count;
        merges.Add(pair);
        chunks = [.. chunks.Select(chunk => (Merge(chunk.Tokens, pair, token), chunk.Count))];
        lesson.Say($"{token}: {Show(pair.Item1)} + {Show(pair.Item2)} → {Show(token)}, {count} times");
    }

    var (bytes, tokens) = (Encoding.UTF8.GetByteCount(text), chunks.Sum(chunk => chunk.Tokens.Length * (long)chunk.Count));
    lesson.Say($"{bytes} bytes are {tokens} tokens, of {(double)bytes / tokens:0.00} bytes on average; the first lines:");
    foreach (var line in text.Split('\n').Take(10))
    {
        var encoded = Encode(line);
        lesson.Say(string.Join(" · ", encoded.Select(Show)) + (Decode(encoded) == line ? "" : "  (decodes to something else)"));
    }
});
