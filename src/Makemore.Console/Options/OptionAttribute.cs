namespace Makemore;

/// <summary>The groups in which scripts offer options.</summary>
internal enum OptionGroup
{
    /// <summary>The words: every script has them.</summary>
    Data,

    /// <summary>Training by gradient descent.</summary>
    Training,

    /// <summary>What a model may have, each on its own.</summary>
    Model,

    /// <summary>Where results go, and samples: every script has them.</summary>
    Output,
}

/// <summary>Makes a property an option on the command line: <c>MaxSteps</c> is <c>--max-steps</c>, and its initial value the
/// default.</summary>
/// <param name="help">What --help says.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OptionAttribute(string help) : Attribute
{
    /// <summary>What --help says.</summary>
    public string Help => help;

    /// <summary>The group that it is offered in.</summary>
    public OptionGroup Group { get; init; }

    /// <summary>A short name.</summary>
    public string? Alias { get; init; }

    /// <summary>The least number allowed.</summary>
    public double Min { get; init; } = double.MinValue;

    /// <summary>The greatest number allowed.</summary>
    public double Max { get; init; } = double.MaxValue;

    /// <summary>A number in between that is not allowed.</summary>
    public double Except { get; init; } = double.NaN;

    /// <summary>The texts allowed, where only a few are.</summary>
    public string[] Choices { get; init; } = [];

    /// <summary>Whether it only changes what is shown or how far a run goes, and so may differ when a run is resumed.</summary>
    public bool IsFree { get; init; }
}
