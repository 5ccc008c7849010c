namespace Makemore;

/// <summary>A tensor's elements are the rows of a table (R, C) that ids name, one after the other.</summary>
internal sealed record Lookup(Tensor Table, Tensor Ids)
{
    /// <summary>Whether each row of the tensor, in the shape it has now, is made of whole rows of the table.</summary>
    public bool FillsRowsOf(Tensor x) =>
        Table.Shape[1] > 0 && x.Shape[^1] > 0 && x.Shape[^1] % Table.Shape[1] == 0;
}
