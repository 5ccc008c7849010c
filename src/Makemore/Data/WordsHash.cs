using System.Security.Cryptography;
using System.Text;

namespace Makemore;

/// <summary>Computes the SHA-256 of words, each in UTF-8 and followed by a line feed. For a plain file that is the hash of the file;
/// a byte order mark, CRLF, spaces around words, blank lines and a missing last line feed make no difference.</summary>
internal sealed class WordsHash
{
    private const int MaxShortLength = 256;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _length;

    /// <summary>The hash of words, in one pass.</summary>
    public static string Of(IWords words)
    {
        var hash = new WordsHash();
        foreach (var word in words.All())
            hash.Add(word);
        return hash.ToHex();
    }

    /// <summary>Adds a word.</summary>
    public void Add(string word)
    {
        var bytes = word.Length <= MaxShortLength ? stackalloc byte[3 * MaxShortLength] : new byte[3 * word.Length];
        Add(bytes[..Encoding.UTF8.GetBytes(word, bytes)]);
    }

    /// <summary>Adds a word in UTF-8.</summary>
    public void Add(ReadOnlySpan<byte> word)
    {
        if (word.Length >= _buffer.Length - _length)
            Flush();
        if (word.Length >= _buffer.Length)
        {
            _hash.AppendData(word);
            word = [];
        }
        word.CopyTo(_buffer.AsSpan(_length));
        _length += word.Length;
        _buffer[_length++] = (byte)'\n';
    }

    /// <summary>The hash of the words added, in hexadecimal.</summary>
    public string ToHex()
    {
        Flush();
        return Convert.ToHexStringLower(_hash.GetCurrentHash());
    }

    private void Flush()
    {
        _hash.AppendData(_buffer, 0, _length);
        _length = 0;
    }
}
