namespace Makemore;

public static partial class Sections
{
    private const string Blank = "□";

    /// <summary>The vectors of the characters, in the plane in which they differ most. Nothing where no leaf has a vector for
    /// each character.</summary>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="leaves">A model's leaves. The vectors are those of the leaf called wte, as in makemore.py, or else of the
    /// first matrix (V, E), or (V + 1, E) with a row for the blank before the word.</param>
    public static Section Embeddings(Vocabulary vocabulary, IReadOnlyList<Leaf> leaves)
    {
        var matrices = leaves.Where(leaf => IsTable(leaf.Value, vocabulary.Size)).ToArray();
        var table = matrices.FirstOrDefault(leaf => leaf.Name.Split('.').Contains("wte")) ?? matrices.FirstOrDefault();
        return new(
            "Characters as vectors",
            "Each character is a vector of its own, shown in the plane in which these differ most (the first two "
            + "principal components). What the model treats alike, such as vowels, it moves together. The axes say "
            + $"how much of all differences they show. A dot stands for the beginning and the end of a word, {Blank} "
            + "for what is before the beginning.",
            table is null ? [] : [Plane(vocabulary, table)]);
    }

    private static bool IsTable(Tensor tensor, int size) =>
        tensor.Type == ElementType.Float32 && tensor.Shape.Rank == 2 && tensor.Shape[1] > 1
        && (tensor.Shape[0] == size || tensor.Shape[0] == size + 1);

    private static ScatterChart Plane(Vocabulary vocabulary, Leaf table)
    {
        var found = PrincipalComponents.Of(table.Value.ToArray(), table.Value.Shape[1]);
        return new ScatterChart(
            $"{table.Name} in two dimensions",
            $"first component, {Percent(found.Shares[0])}", $"second component, {Percent(found.Shares[1])}",
            [
                .. found.Places.Take(4 * MaxLetters).Select((place, token) => new ScatterPoint(
                    token < vocabulary.Size ? vocabulary.Show(token) : Blank, place[0], place[1])),
            ])
        {
            IsLettered = true,
        };
    }
}
