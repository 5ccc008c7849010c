namespace Makemore;

/// <summary>Suggests options for the library's faults and diagnoses, which do not know them.</summary>
internal static class Remedies
{
    private const string OtherWorkDir = "choose another folder with --work-dir";

    /// <summary>What to try against overfitting.</summary>
    public const string Overfitting = "try more words, fewer parameters, --dropout 0.1 or --weight-decay; --patience 5 stops at this "
        + "point (the best model is kept anyway)";

    /// <summary>What to do about a run that has taken all its steps.</summary>
    public const string AllStepsTaken = "raise --max-steps to continue";

    /// <summary>What to do about an initial loss that is not finite.</summary>
    public const string InitialLossNotFinite = "check the model with --check-gradients";

    /// <summary>What to try if the loss becomes too high.</summary>
    public const string Diverged = "try a lower --learning-rate, or --grad-clip 1";

    /// <summary>What is wrong with an initial loss that is too high, and what to do about it.</summary>
    public static string WideLogits(InitialLoss initial) =>
        $"the logits of {(initial.Layer.Length == 0 ? "the model" : $"'{initial.Layer}'")} are too wide, with a standard deviation of "
        + $"{Numbers.Show(initial.Deviation, "0.0")} over the tokens: make the initial weights there about "
        + $"{Numbers.Show(initial.Deviation / InitialLoss.GoodDeviation, "0.#")} times smaller";

    /// <summary>What to do about test words that are in the training set, too.</summary>
    public static string LeakedWords(SplitReport report) =>
        report.Distinct is null ? "use a file of distinct words" : "--deduplicate removes them";

    /// <summary>What to do about words that are far longer than most.</summary>
    public static string LongWords => $"--max-word-length {Corpus.MinOutlier - 1} leaves such words out";

    /// <summary>A fault on one line, with the option that helps, if there is one.</summary>
    public static string Line(Fault fault) => fault switch
    {
        Fault.NotWords => $"{fault}; --input-file takes a text file with one word per line",
        Fault.WordTooLong { BlockSize: { } size } word =>
            $"{fault}: --block-size must be {word.MinBlockSize} or more, not {size}"
            + (word.IsInCharacters ? $"; or --max-word-length {size - 1} leaves such words out" : ""),
        Fault.WordTooLong word =>
            $"{fault}: {LongWords}, --block-size {word.MinBlockSize} accepts it",
        Fault.PieceTooShort piece => $"{fault}; lower --block-size below {piece.Tokens}, or give other shares with --split",
        Fault.TooFewPairs few => $"{fault}; give --vocabulary {(few.MaxSize > TokenKind.Bytes.Size ? $"bpe:{few.MaxSize}" : "bytes")}",
        Fault.NoWindowLength => $"--windows: {fault}, with --block-size",
        Fault.TooLargeToDeduplicate => $"{fault}; or omit --deduplicate, or raise --in-memory",
        Fault.TooLargeToShorten => $"{fault}; or omit --max-word-length, or raise --in-memory",
        Fault.OtherWords => $"{fault}; without --input-file the run's own are used",
        Fault.UnknownCharacters => $"{fault}; leave out the words that have them, or train the model of --from on a file that has them",
        Fault.WordsGone => $"{fault}; --input-file says where they are now",
        Fault.Diverged => $"{fault}; {Diverged}",
        Fault.WorkDirInUse => $"{fault}; wait until it ends, or {OtherWorkDir}",
        Fault.OtherPurpose => $"{fault}; {OtherWorkDir}",
        Fault.ForeignFile => $"{fault}; move it, or {OtherWorkDir}",
        Fault.WrongWidth => $"{fault}; its last layer must have run.VocabSize outputs",
        _ => fault.Message,
    };

    /// <summary>The name of an issue.</summary>
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

    /// <summary>What to try for an issue.</summary>
    public static string Advice(HealthIssue issue) => issue switch
    {
        HealthIssue.Saturated => "a smaller initialization, or normalization before it",
        HealthIssue.DeadUnits => "a lower --learning-rate, or a smaller initialization",
        HealthIssue.TooSmall => "a larger initialization (a gain of 5/3 before tanh), or normalization",
        HealthIssue.NotFinite => "a lower --learning-rate, or --grad-clip 1",
        HealthIssue.NoGradient => "checking whether the loss depends on it",
        HealthIssue.VanishingGradient => "checking the layers above it for saturation",
        HealthIssue.UpdatesTooSmall => "a higher --learning-rate; --find-lr suggests one",
        _ => "a lower --learning-rate, or --warmup",
    };
}
