using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LanguageExt;

namespace Makemore;

/// <summary>Files with a JSON value on each line.</summary>
internal static class JsonLines
{
    /// <summary>The values of a file, in order; none where there is no such file.</summary>
    /// <returns>The values, or the first line that is none.</returns>
    public static Either<Fault, ImmutableArray<T>> Read<T>(string path, JsonTypeInfo<T> type)
    {
        var line = 0;
        try
        {
            return File.Exists(path)
                ? [.. File.ReadLines(path).Select(text => (Line: ++line, Text: text)).Where(pair => pair.Text.Length > 0)
                    .Select(pair => JsonSerializer.Deserialize(pair.Text, type)!)]
                : ImmutableArray<T>.Empty;
        }
        catch (JsonException)
        {
            return new Fault($"line {line} is no line that a run writes").In(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Fault(e.Message).In(path);
        }
    }
}
