using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LanguageExt;

namespace Makemore;

/// <summary>Files with a JSON value on each line.</summary>
internal static class JsonLines
{
    /// <summary>The values of a file, in order; none where there is no such file. A line that holds none is left out: a run that
    /// was killed may have written half of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="type">How a value is read; asked for only where there is a line.</param>
    /// <returns>The values, or why the file cannot be read.</returns>
    public static Either<Fault, T[]> Read<T>(string path, Func<JsonTypeInfo<T>> type)
    {
        try
        {
            return File.Exists(path) ? File.ReadLines(path).SelectMany(text => Parse(text, type)).ToArray() : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fault.Of(e.Message).In(path);
        }
    }

    private static T[] Parse<T>(string text, Func<JsonTypeInfo<T>> type)
    {
        try
        {
            return JsonSerializer.Deserialize(text, type()) is { } value ? [value] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
