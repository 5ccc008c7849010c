namespace Makemore;

/// <summary>The groups of options.</summary>
internal enum OptionGroup
{
    /// <summary>Data: every script has these.</summary>
    Data,

    /// <summary>Training by gradient descent.</summary>
    Training,

    /// <summary>Model sizes and options of a script's own, which scripts offer one by one.</summary>
    Model,

    /// <summary>Results and samples: every script has these.</summary>
    Output,
}

/// <summary>Makes a property a command-line option: <c>MaxSteps</c> becomes <c>--max-steps</c>, and its initial value the
/// default.</summary>
/// <param name="help">The text for --help.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OptionAttribute(string help) : Attribute
{
    /// <summary>The text for --help.</summary>
    public string Help => help;

    /// <summary>The group of the option.</summary>
    public OptionGroup Group { get; init; }

    /// <summary>A short name.</summary>
    public string? Alias { get; init; }

    /// <summary>The minimum value.</summary>
    public double Min { get; init; } = double.MinValue;

    /// <summary>The maximum value.</summary>
    public double Max { get; init; } = double.MaxValue;

    /// <summary>A value in between that is not allowed.</summary>
    public double Except { get; init; } = double.NaN;

    /// <summary>The allowed values; empty if any is.</summary>
    public string[] Choices { get; init; } = [];

    /// <summary>Whether it names a file or a folder, and so cannot be empty.</summary>
    public bool IsPath { get; init; }

    /// <summary>A regular expression for the texts allowed, where the choices only describe them.</summary>
    public string? Pattern { get; init; }

    /// <summary>Whether it may change when a run is resumed, because it only affects output or when the run stops.</summary>
    public bool IsFree { get; init; }

    /// <summary>Whether what a run records of its options leaves it out while it has no value, as runs from before the option
    /// do.</summary>
    public bool IsOmittedIfUnset { get; init; }
}
