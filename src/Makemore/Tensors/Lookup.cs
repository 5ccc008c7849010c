namespace Makemore;

/// <summary>A tensor whose elements are the rows of a table (R, C) at some ids, concatenated.</summary>
internal sealed record Lookup(Tensor Table, Tensor Ids)
{
    /// <summary>Whether each row of the tensor, in its current shape, consists of whole rows of the table.</summary>
    public bool FillsRowsOf(Tensor x) =>
        Table.Shape[1] > 0 && x.Shape[^1] > 0 && x.Shape[^1] % Table.Shape[1] == 0;
}
