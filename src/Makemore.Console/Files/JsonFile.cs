using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LanguageExt;

namespace Makemore;

/// <summary>What runs tell other programs, as JSON: names in snake_case, NaN and infinities as texts. A file is one value, or a
/// value on each line.</summary>
internal static class JsonFile
{
    /// <summary>A value as one line.</summary>
    public static string Show<T>(T value) => JsonSerializer.Serialize(value, TypeOf<T>());

    /// <summary>Reads a value.</summary>
    /// <returns>The value, or that the text holds none of its kind.</returns>
    public static Either<Fault, T> Parse<T>(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, TypeOf<T>()) is { } value ? value : NotReadable<T>();
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return NotReadable<T>();
        }
    }

    /// <summary>Writes a value to a file, atomically.</summary>
    public static Either<Fault, Unit> Write<T>(string path, T value) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, value, TypeOf<T>()));

    /// <summary>Reads a value from a file.</summary>
    public static Either<Fault, T> Read<T>(string path) =>
        ReadText(path, () => File.ReadAllText(path)).Bind(text => Parse<T>(text).In(path));

    /// <summary>Begins a file of lines: empty, or as it is.</summary>
    /// <returns>Its path.</returns>
    public static Either<Fault, string> BeginLines(string path, bool isResumed) =>
        isResumed ? path : AtomicFile.Write(path, _ => { }).Map(_ => path);

    /// <summary>Adds a value to a file of lines.</summary>
    public static Either<Fault, Unit> AppendLine<T>(string path, T value) => AtomicFile.AppendLine(path, Show(value));

    /// <summary>The values of a file of lines, in order; none where there is no such file. A line without a value is left out:
    /// a run that was killed may have written half of it.</summary>
    public static Either<Fault, T[]> ReadLines<T>(string path) => File.Exists(path)
        ? ReadText(path, () => File.ReadLines(path).SelectMany(line => Parse<T>(line).Match(value => new[] { value }, _ => [])).ToArray())
        : (T[])[];

    private static Either<Fault, T> ReadText<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fault.Of(File.Exists(path) ? "cannot be read" : "no such file").In(path);
        }
    }

    private static Fault NotReadable<T>() => Fault.Of($"does not hold what Makemore writes there ({typeof(T).Name})");

    private static JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>)RecordsJson.Default.GetTypeInfo(typeof(T))!;
}

/// <summary>The JSON of what runs tell other programs.</summary>
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(EvaluationRecord))]
[JsonSerializable(typeof(HeldLossesRecord))]
[JsonSerializable(typeof(SamplesRecord))]
[JsonSerializable(typeof(ComparisonRecord))]
[JsonSerializable(typeof(Metrics))]
[JsonSerializable(typeof(Diagnosis))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
internal sealed partial class RecordsJson : JsonSerializerContext;
