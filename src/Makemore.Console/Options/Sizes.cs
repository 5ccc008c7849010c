using System.Globalization;
using LanguageExt;

namespace Makemore;

/// <summary>What a model needs at least, to weigh its sizes before anything is allocated. The numbers are lower bounds for every
/// model of the ladder, and so for most others.</summary>
/// <param name="Parameters">The number of its parameters and constants.</param>
/// <param name="Activations">The number of its activations on a batch of the shortest words.</param>
/// <param name="Largest">The number of elements of its largest tensor.</param>
internal sealed record Sizes(double Parameters, double Activations, double Largest)
{
    /// <summary>The maximum number of elements of a tensor.</summary>
    private const double MaxElements = int.MaxValue - 64;

    // Parameters, their gradient and its update; a model that is only used has one.
    private const int TrainedCopies = 3;

    private static readonly string[] Names =
    [
        .. new[]
        {
            nameof(Options.BatchSize), nameof(Options.BlockSize), nameof(Options.Context), nameof(Options.NLayer), nameof(Options.NHead),
            nameof(Options.NEmbd), nameof(Options.NEmbd2),
        }.Select(OptionEntry.NameOf),
    ];

    /// <summary>The sizes that a command line asks for.</summary>
    public static Sizes Of(CommandLine line, int vocabulary, int blockSize)
    {
        var embedding = Offered(nameof(Options.NEmbd), 0);
        var hidden = Offered(nameof(Options.NEmbd2), embedding);
        var layers = Offered(nameof(Options.NLayer), 1);
        var batch = Offered(nameof(Options.BatchSize), 1);
        var context = Offers(nameof(Options.Context)) ? Offered(nameof(Options.Context), blockSize) : 1;
        // A model with heads has a mask of positions in each layer, too.
        var mask = Offers(nameof(Options.NHead)) ? (double)blockSize * blockSize : 0;
        var (table, first, others) = (vocabulary * embedding, context * embedding * hidden, Math.Pow(Math.Min(embedding, hidden), 2));
        // A word has a character and a stop at least.
        var activations = batch * 2 * embedding;
        return new(
            table + first + ((layers - 1) * others) + (layers * mask), activations * layers,
            new[] { table, first, others, mask, activations, batch * 2 }.Max());

        bool Offers(string property) => line.Values.ContainsKey(OptionEntry.NameOf(property));

        double Offered(string property, double otherwise) =>
            line.Values.TryGetValue(OptionEntry.NameOf(property), out var value) && value is int size ? size : otherwise;
    }

    /// <summary>Nothing, or how much memory it needs if that is not available.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="isTrained">Whether the model is trained, not only used.</param>
    /// <param name="available">The memory that there is, in bytes.</param>
    public Either<Fault, Unit> Fit(CommandLine line, bool isTrained, long available)
    {
        var bytes = sizeof(float) * (isTrained ? (TrainedCopies * Parameters) + Activations : Parameters);
        string[] given = [.. Names.Where(name => line.Given.Any(option => option.Entry.Name == name))];
        var remedy = $"lower {(given.Length > 0 ? string.Join(" or ", given) : "the sizes of the model")}";
        return Largest > MaxElements
            ? Fault.Of($"a model of these sizes has a tensor of {Number(Largest)} elements, more than the maximum of {Number(MaxElements)}; {remedy}")
        : bytes > available
            ? Fault.Of($"a model of these sizes needs at least {Show(bytes)} of memory, and {Show(available)} is available; {remedy}")
        : Unit.Default;
    }

    private static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Show(double bytes)
    {
        string[] units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
        var power = bytes < 1 ? 0 : Math.Min(units.Length - 1, (int)Math.Log(bytes, 1024));
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / Math.Pow(1024, power):#,0.#} {units[power]}");
    }
}
