using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LanguageExt;

namespace Makemore;

/// <summary>What runs tell other programs, as JSON: names in snake_case, what is no number as "NaN".</summary>
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

    /// <summary>Writes a value to a file that is whole or not there.</summary>
    public static Either<Fault, Unit> Write<T>(string path, T value) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, value, TypeOf<T>()));

    /// <summary>Reads a value from a file.</summary>
    public static Either<Fault, T> Read<T>(string path)
    {
        try
        {
            return Parse<T>(File.ReadAllText(path)).In(path);
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
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
internal sealed partial class RecordsJson : JsonSerializerContext;
