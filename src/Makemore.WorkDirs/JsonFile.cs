using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LanguageExt;

namespace Makemore;

/// <summary>JSON for other programs: names in snake_case, NaN and infinities as strings. A file holds one value, or one value per
/// line.</summary>
internal static class JsonFile
{
    /// <summary>A value as one line.</summary>
    public static string Show<T>(T value) => JsonSerializer.Serialize(value, TypeOf<T>());

    /// <summary>How a value begins: with the name of its first property.</summary>
    public static string Beginning<T>() => $"{{\"{TypeOf<T>().Properties[0].Name}\":";

    /// <summary>Parses a value.</summary>
    public static Either<Fault, T> Parse<T>(string text)
    {
        try
        {
            return !HasNullInList(text) && JsonSerializer.Deserialize(text, TypeOf<T>()) is { } value ? value : Invalid<T>();
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return Invalid<T>();
        }
    }

    /// <summary>Whether any list has a null in it. The serializer accepts that, although no record has a list whose elements are
    /// nullable.</summary>
    private static bool HasNullInList(string text)
    {
        using var json = JsonDocument.Parse(text);
        return Lists(json.RootElement);

        static bool Lists(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Array => value.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Null || Lists(item)),
            JsonValueKind.Object => value.EnumerateObject().Any(member => Lists(member.Value)),
            _ => false,
        };
    }

    /// <summary>Writes a value to a file, atomically.</summary>
    public static Either<Fault, Unit> Write<T>(string path, T value) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, value, TypeOf<T>()));

    /// <summary>Reads a value from a file.</summary>
    public static Either<Fault, T> Read<T>(string path) => InputFile.ReadText(path).Bind(text => Parse<T>(text).In(path));

    /// <summary>Starts a file of lines: empty, unless the run is resumed.</summary>
    /// <returns>Its path.</returns>
    public static Either<Fault, string> StartLines(string path, bool isResumed) =>
        isResumed ? AtomicFile.Appendable(path).Map(_ => path) : AtomicFile.Write(path, _ => { }).Map(_ => path);

    /// <summary>Appends values to a file of lines.</summary>
    public static Either<Fault, Unit> AppendLines<T>(string path, params T[] values) =>
        values.Length == 0 ? Prelude.unit : AtomicFile.AppendLine(path, string.Join('\n', values.Select(Show)));

    /// <summary>The values of a type in a file of lines, in order; none if there is no such file.</summary>
    public static Either<Fault, T[]> ReadLines<T>(string path) => InputFile.ReadLines(path).Map(InLines<T>);

    /// <summary>The values of a type in some lines, in order. Other lines are skipped: a file may have several kinds, and a run that was
    /// killed may have written half a line.</summary>
    public static T[] InLines<T>(string[] lines)
    {
        string[] names = [.. TypeOf<T>().Properties.Select(property => $"\"{property.Name}\":")];
        return
        [
            .. lines.Where(line => names.All(name => line.Contains(name, StringComparison.Ordinal)))
                .SelectMany(line => Parse<T>(line).Match(value => new[] { value }, _ => [])),
        ];
    }

    private static Fault Invalid<T>() => Fault.Of($"not a valid {typeof(T).Name}");

    private static JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>)RecordsJson.Default.GetTypeInfo(typeof(T))!;
}

/// <summary>The types that are written as JSON.</summary>
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(EvaluationRecord))]
[JsonSerializable(typeof(HeldLossesRecord))]
[JsonSerializable(typeof(SamplesRecord))]
[JsonSerializable(typeof(ComparisonRecord))]
[JsonSerializable(typeof(SweepRecord))]
[JsonSerializable(typeof(Metrics))]
[JsonSerializable(typeof(BatchMetrics))]
[JsonSerializable(typeof(InitialMetrics))]
[JsonSerializable(typeof(SampledMetrics))]
[JsonSerializable(typeof(Diagnosis))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
internal sealed partial class RecordsJson : JsonSerializerContext;
