namespace Makemore;

/// <summary>Sampled words by where else they are found, as makemore.py shows them; each as <see cref="Visible.Word"/> shows
/// it.</summary>
/// <param name="InTrain">Words of the training set.</param>
/// <param name="InTest">Words of the held-out sets that are not in the training set.</param>
/// <param name="New">Words that are in neither.</param>
/// <param name="Cut">Words that the model did not end.</param>
public sealed record SampleGroups(
    IReadOnlyList<string> InTrain, IReadOnlyList<string> InTest, IReadOnlyList<string> New, IReadOnlyList<string> Cut)
{
    /// <summary>The end of a word that the model did not end.</summary>
    public const string CutMark = "…";

    /// <summary>Sorts samples by a corpus.</summary>
    public static SampleGroups Of(IEnumerable<Sample> samples, Corpus corpus)
    {
        var words = samples.Select(sample => (Text: corpus.Vocabulary.Decode([.. sample.Tokens]), sample.IsFinished)).ToArray();
        var asked = words.Select(word => word.Text).ToHashSet(StringComparer.Ordinal);
        var train = Found(corpus.Split.Train);
        var held = Found(corpus.Split.Validation).Union(Found(corpus.Split.Test)).ToHashSet(StringComparer.Ordinal);
        var groups = words.ToLookup(
            word => !word.IsFinished ? 3 : train.Contains(word.Text) ? 0 : held.Contains(word.Text) ? 1 : 2, word => Visible.Word(word.Text));
        return new([.. groups[0]], [.. groups[1]], [.. groups[2]], [.. groups[3].Select(word => word + CutMark)]);

        HashSet<string> Found(IWords part) => part.Find(asked).Select(found => found.Word).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The groups with their titles; the last only where a word was cut, and none if there are no samples.</summary>
    public IEnumerable<(string Title, IReadOnlyList<string> Words)> Titled()
    {
        if (InTrain.Count + InTest.Count + New.Count + Cut.Count == 0)
            yield break;
        yield return ("in train", InTrain);
        yield return ("in test", InTest);
        yield return ("new", New);
        if (Cut.Count > 0)
            yield return ("cut", Cut);
    }
}
