namespace Makemore;

public static partial class Sections
{
    private const string Blank = "□";

    /// <summary>The embeddings of the characters, projected onto their first two principal components. Empty if no leaf has a
    /// vector per character.</summary>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="leaves">The leaves of a model. The embedding is the leaf called wte, as in makemore.py, otherwise the first
    /// matrix (V, E), or (V + 1, E) with a row for the padding.</param>
    public static Section Embeddings(Vocabulary vocabulary, IReadOnlyList<Leaf> leaves)
    {
        var matrices = leaves.Where(leaf => IsTable(leaf.Value, vocabulary.Size)).ToArray();
        var table = matrices.FirstOrDefault(leaf => leaf.Name.Split('.').Contains("wte")) ?? matrices.FirstOrDefault();
        return new(
            "Character embeddings",
            "The vector of each character, projected onto the first two principal components. Characters that the model "
            + "treats alike, such as vowels, are close together. The axes show the share of the variance that they "
            + $"explain. {vocabulary.StopSign} is the start and the end of a word, {Blank} the padding before the start.",
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
