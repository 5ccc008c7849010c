namespace Makemore;

/// <summary>Which options remedy what: the library's faults and findings know no options.</summary>
internal static class Remedies
{
    /// <summary>A fault on one line, with the option that remedies it where there is one.</summary>
    public static string Line(Fault fault) => fault switch
    {
        Fault.NotWords => $"{fault}; --input-file takes a text file with one word per line",
        Fault.WordTooLong { BlockSize: { } size } word => $"{fault}: --block-size must be {word.MinBlockSize} or more, not {size}",
        Fault.WordTooLong word => $"{fault}: --block-size {word.MinBlockSize} takes it all the same",
        Fault.NoWindowLength => $"--windows: {fault}, with --block-size",
        Fault.TooLargeToDeduplicate => $"{fault}; or leave --deduplicate out, or raise --in-memory",
        Fault.OtherWords => $"{fault}; --input-file must have the same contents",
        Fault.Diverged => $"{fault}; try a lower --learning-rate, or --grad-clip 1",
        _ => fault.Message,
    };

    /// <summary>What is wrong with a layer or a leaf, in a word or two.</summary>
    public static string Symptom(HealthIssue issue) => issue switch
    {
        HealthIssue.Saturated => "saturated",
        HealthIssue.DeadUnits => "dead units",
        HealthIssue.TooSmall => "too small",
        HealthIssue.NotFinite => "not finite",
        HealthIssue.NoGradient => "no gradient",
        HealthIssue.VanishingGradient => "vanishing gradient",
        HealthIssue.UpdatesTooSmall => "updates too small",
        _ => "updates too large",
    };

    /// <summary>What to try.</summary>
    public static string Advice(HealthIssue issue) => issue switch
    {
        HealthIssue.Saturated => "a smaller initialization or a normalization before it",
        HealthIssue.DeadUnits => "a lower --learning-rate, or a smaller initialization",
        HealthIssue.TooSmall => "a larger initialization (tanh wants a gain of 5/3) or a normalization",
        HealthIssue.NotFinite => "a lower --learning-rate, or --grad-clip 1",
        HealthIssue.NoGradient => "checking whether the loss depends on it",
        HealthIssue.VanishingGradient => "looking at the layers above it that saturate",
        HealthIssue.UpdatesTooSmall => "a higher --learning-rate; --find-lr suggests one",
        _ => "a lower --learning-rate, or --warmup",
    };
}
