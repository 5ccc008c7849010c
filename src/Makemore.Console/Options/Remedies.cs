namespace Makemore;

/// <summary>Which option remedies a fault: the library's faults know no options.</summary>
internal static class Remedies
{
    /// <summary>A fault on one line, with the option that remedies it where there is one.</summary>
    public static string Line(Fault fault) => fault switch
    {
        Fault.NotWords => $"{fault}; --input-file takes a text file with one word a line",
        Fault.WordTooLong { BlockSize: { } size } word => $"{fault}: --block-size must be {word.MinBlockSize} or more, not {size}",
        Fault.WordTooLong word => $"{fault}: --block-size {word.MinBlockSize} takes it all the same",
        Fault.NoWindowLength => $"--windows: {fault}, with --block-size",
        Fault.TooLargeToDeduplicate => $"{fault}; or leave --deduplicate out, or raise --in-memory",
        Fault.OtherWords => $"{fault}; --input-file must have the same contents",
        _ => fault.Message,
    };
}
