namespace Makemore;

/// <summary>The options of saved runs.</summary>
internal static class SavedOptions
{
    /// <summary>The option whose value the split of the words depends on.</summary>
    public static readonly string SplitSeed = OptionEntry.NameOf(nameof(Options.SplitSeed));

    private static readonly string Seed = OptionEntry.NameOf(nameof(Options.Seed));

    /// <summary>The card with the options that are newer than the run: older runs split the words by --seed.</summary>
    public static ModelCard Completed(ModelCard card) => card.Options.TryGetValue(Seed, out var seed) && !card.Options.ContainsKey(SplitSeed)
        ? card with { Options = card.Options.SetItem(SplitSeed, seed) }
        : card;
}
