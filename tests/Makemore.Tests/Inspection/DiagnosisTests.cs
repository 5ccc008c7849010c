using System.Collections.Immutable;
using static Makemore.Primitives;

namespace Makemore.Tests;

public sealed class DiagnosisTests
{
    private static readonly Tensor Ids = Tensor.Of([0, 1, 1, 0], [2, 2]);

    // The last of the four positions is padding.
    private static readonly Batch TwoWords = new(Ids, Tensor.Of([1, 0, 0, -1], [2, 2]));

    /// <summary>The row of an activation function on a table: positions with token 0 look up the first row, with 1 the
    /// second.</summary>
    private static ActivationRow Of(Func<Tensor, Tensor> function, params float[] table) =>
        Assert.Single(Inspect(p => function(Gather(p.Weight, Ids)), new(Tensor.Of(table, [2, 2]))));

    [Fact]
    public void OfActivations_Tanh_IgnoresPadding()
    {
        var row = Of(Tanh, 0, 9, 0, -9); // 0, 1; 0, −1; 0, −1; and the padding's 0, 1
        Assert.Equal(("weight", "tanh"), (row.Layer, row.Function));
        Assert.Equal(-1 / 6.0, row.Mean, 1e-6);
        Assert.Equal(Math.Sqrt(0.5 - (1 / 36.0)), row.StandardDeviation, 1e-6);
        Assert.Equal(0.5, row.Saturated);
        Assert.Equal([0, 100], row.SaturatedUnits.ToArray());
        Assert.Equal([(0, 0.3333), (20, 0.5), (39, 0.1667)], row.Histogram!.Shares.Index().Where(bin => bin.Item > 0));
    }

    [Theory]
    [InlineData(2.09f, 0)] // tanh 0.9699
    [InlineData(2.1f, 1)] // tanh 0.9705
    [InlineData(-2.1f, 1)]
    public void OfActivations_Tanh_IsSaturatedBeyond097(float x, double share) => Assert.Equal(share, Of(Tanh, x, x, x, x).Saturated);

    [Theory]
    [InlineData(3.47f, 0)] // sigmoid 0.9698
    [InlineData(3.48f, 1)] // sigmoid 0.9701
    [InlineData(-3.48f, 1)]
    public void OfActivations_Sigmoid_IsSaturatedBeyond003And097(float x, double share) =>
        Assert.Equal(share, Of(Sigmoid, x, x, x, x).Saturated);

    [Fact]
    public void OfActivations_ReluNeverAboveZero_IsDead()
    {
        Assert.Equal(0.5, Of(Relu, 1, -1, -1, -2).Saturated);
        Assert.Equal(0.5, Of(Gelu, 1, -1, -1, -2).Saturated);
        Assert.Equal(0, Of(Relu, 1, 1, -1, -2).Saturated);
    }

    /// <summary>An operation at two positions is one row; a result of two layers has the names of both.</summary>
    [Fact]
    public void OfActivations_Cell_IsOneRow()
    {
        var rows = Inspect(
            p =>
            {
                var x = Gather(p.Weight, Ids);
                var first = Tanh(LinearMap(x.At(1, 0), p.Second!));
                var second = Tanh(LinearMap(x.At(1, 1) + first, p.Second!));
                return Sigmoid(x * Stack(1, first, LinearMap(second, p.Second!)));
            },
            new(Tensor.Ones([2, 2]), Tensor.Ones([2, 2])));
        Assert.Equal([("second", "tanh"), ("second + weight", "sigmoid")], rows.Select(row => (row.Layer, row.Function)));
        // The second word has no second position.
        Assert.Equal(((2 * Math.Tanh(2)) + Math.Tanh(2 * (1 + Math.Tanh(2)))) / 3, rows[0].Mean, 1e-6);
    }

    [Fact]
    public void OfUpdate_Leaf_HasUpdateOverData()
    {
        var before = new Linears(Tensor.Of([1f, -1, 1, -1], [2, 2]));
        var row = Assert.Single(Diagnosis.OfUpdate(before, new(before.Weight * 3), new(before.Weight * 1.01f)));
        Assert.Equal(("weight", true, 0.0, 1.0, 3.0), (row.Leaf, row.IsMatrix, row.Mean, row.StandardDeviation, row.Gradient));
        Assert.Equal(-2, row.UpdateToData, 1e-5);
    }

    [Theory]
    [InlineData("tanh", 0.5, 0.35, null)]
    [InlineData("tanh", 0.5, 0.36, HealthIssue.Saturated)]
    [InlineData("sigmoid", 0.01, 0.36, HealthIssue.Saturated)]
    [InlineData("tanh", 0.04, 0, HealthIssue.TooSmall)]
    [InlineData("sigmoid", 0.04, 0, null)]
    [InlineData("relu", 0.5, 0.1, null)]
    [InlineData("gelu", 0.5, 0.11, HealthIssue.DeadUnits)]
    public void Of_Activation_FindsIssues(string function, double spread, double saturated, HealthIssue? issue) =>
        Assert.Equal(issue, Health.Of(new ActivationRow("w", function, 0, spread, saturated)));

    [Theory]
    [InlineData(true, 1, -3, null)]
    [InlineData(true, 1, -4.1, HealthIssue.UpdatesTooSmall)]
    [InlineData(true, 1, -1.9, HealthIssue.UpdatesTooLarge)]
    [InlineData(false, 1, -1.9, null)]
    [InlineData(false, 0, -3, HealthIssue.NoGradient)]
    [InlineData(true, 0.0009, -3, HealthIssue.VanishingGradient)]
    [InlineData(true, double.NaN, -3, HealthIssue.NotFinite)]
    public void Of_Leaf_FindsIssues(bool isMatrix, double gradient, double update, HealthIssue? issue)
    {
        var (row, other) = (new LeafRow("w", isMatrix, 0, 1, gradient, update), new LeafRow("v", true, 0, 1, 1, -3));
        Assert.Equal(issue, Health.Of(row, [row, other, other]));
    }

    [Fact]
    public void Median_Snapshots_AreMediansByRow()
    {
        var snapshots = new[] { -3.0, double.NegativeInfinity, -2 }
            .Select(x => new Diagnosis(1, [new("w", "tanh", x, 1, x)], [new("w", true, 0, 1, 1, x)])).ToArray();
        Assert.Equal(-3, Assert.Single(Health.Median(snapshots).Activations).Saturated);
        Assert.Equal(-3, Assert.Single(Health.Median(snapshots).Leaves).UpdateToData);
    }

    /// <summary>The first layer of the lecture: three characters, embeddings of 10, 200 units; healthy with a gain of 5/3 whatever the
    /// seed, too saturated with a gain of 3.</summary>
    [Theory]
    [InlineData(5 / 3f, null), InlineData(3f, HealthIssue.Saturated)]
    public void Of_InitializationOfLecture3_DependsOnItsGain(float gain, HealthIssue? issue)
    {
        var batch = Names.Corpus.Batches(Names.Corpus.Train, 32, ManagedEngine.Default).At(Key.FromSeed(1), 0);
        for (var seed = 0; seed < 10; seed++)
        {
            var key = Key.FromSeed(seed);
            var p = new Linears(
                Tensor.Of(key.At(0).Normals(27 * 10), [27, 10]),
                Tensor.Of([.. key.At(1).Normals(200 * 30).Select(x => x * gain / MathF.Sqrt(30))], [200, 30]));
            var model = Model.FromWindow<Linears>(
                "lecture", Names.Corpus.BlockSize, 3, 0, _ => p,
                (p, window) => Tanh(LinearMap(Gather(p.Weight, window).Flatten(-2), p.Second!)));
            Assert.Equal(issue, Health.Of(Assert.Single(Diagnosis.OfActivations(model, p, batch, default))));
        }
    }

    private static ImmutableArray<ActivationRow> Inspect(Func<Linears, Tensor> function, Linears p)
    {
        Model<Linears, Tensor> model = new(
            "toy", 2, _ => p, (p, _) => function(p), (p, _, _) => (function(p), p), (_, _) => null!, (_, _, _) => default);
        return Diagnosis.OfActivations(model, p, TwoWords, default);
    }

    private sealed record Linears(Tensor Weight, Tensor? Second = null);
}
