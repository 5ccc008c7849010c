namespace Makemore;

/// <summary>Replaces sums over the rows of a part of a batch by those over the rows of all its parts.</summary>
/// <param name="sums">The sums.</param>
internal delegate void SumOverParts(Span<float> sums);

/// <summary>An engine that may have only a part of the rows of a batch, and normalizes them by the statistics of all.</summary>
internal interface IPartialRows
{
    /// <summary>Sums over parts; null where the engine has all rows.</summary>
    SumOverParts? SumOverParts { get; set; }

    /// <summary>A tensor of another engine of the same kind as one of this engine, with the same memory, which stays the other's.</summary>
    Raw Borrow(Raw other);
}
