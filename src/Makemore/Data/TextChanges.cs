namespace Makemore;

/// <summary>What reading changed in the words of a file.</summary>
/// <param name="Composed">The number of words that were not in Unicode normalization form C.</param>
/// <param name="Marks">The number of words with a U+FEFF, the byte order mark, that is not at the beginning of the file.</param>
/// <param name="TooLong">The number of words that were left out because they are too long.</param>
public readonly record struct TextChanges(long Composed, long Marks, long TooLong = 0);
