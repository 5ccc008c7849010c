using System.Collections.Immutable;
using LanguageExt;

namespace Makemore.Tests;

public sealed class TreeTests
{
    private sealed record Inner(Tensor Weight, Tensor? Bias = null);

    private sealed record Names(
        Tensor LmHead, Tensor Ln1, Tensor LnF, Tensor Wte, Tensor CAttn, Tensor XhToH, Tensor H2O, Tensor W);

    private sealed record Named([Leaf("mlp.0")] Inner Hidden, [Leaf("")] Inner Plain, [Leaf("x")] Tensor W, [Leaf("y")] Tensor w);

    private sealed record Lists(
        Inner[] Blocks, Arr<Inner> Arr, ImmutableArray<Tensor> Array, IReadOnlyList<Tensor> List, (Tensor H, Tensor C) State);

    private sealed record Carried(
        Tensor Weight, int Count, string Name, int[] Sizes, List<int> Places, Dictionary<string, int> Ids, Func<int> Function);

    private sealed record Buffers([Buffer] Tensor Mean, [Buffer] Inner Nested, Tensor Weight);

    private sealed record Twice([Leaf("w")] Tensor First, [Leaf("w")] Tensor Second);

    private sealed class Plain
    {
        public Tensor Weight { get; } = T();
    }

    private sealed record HoldsAClass(Plain Layer);

    private sealed class Layered
    {
        public Inner[] Layers { get; } = [new(T())];
    }

    private sealed record Nested(Inner Inner);

    private sealed class Deep
    {
        public Nested? Layer { get; init; }
    }

    private sealed record HoldsADictionary(Dictionary<string, Tensor> Weights);

    private sealed record MarksANumber(Tensor Weight, [Leaf("n")] int Count);

    private sealed record Even(Tensor Weight, [Leaf("next")] Odd? Next);

    private sealed record Odd([Leaf("next")] Even Next);

    private sealed record MarksText(Tensor Weight, [Buffer] string Name);

    private readonly record struct Pair(Tensor First, Tensor Second);

    private static int _count;

    public static TheoryData<string, object> Trees => new()
    {
        { "lm_head ln_1 ln_f wte c_attn xh_to_h h2_o w", new Names(T(), T(), T(), T(), T(), T(), T(), T()) },
        { "mlp.0.weight mlp.0.bias weight x y", new Named(new(T(), T()), new(T()), T(), T()) },
        {
            "blocks.0.weight blocks.1.weight blocks.1.bias arr.0.weight array.0 array.1 list.0 state.item_1 state.item_2",
            new Lists([new(T()), new(T(), T())], new([new Inner(T())]), [T(), T()], [T()], (T(), T()))
        },
        { "weight", Carry() },
        { "mean nested.weight weight", new Buffers(T(), new(T()), T()) },
        { "first second", new Pair(T(), T()) },
        { "weight next.next.weight", new Even(T(), new(new(T(), null))) },
        { "0 1", new[] { T(), T() } },
        { "item_1 item_2.weight", (T(), new Inner(T())) },
        { "", T() },
        { "-", "no tensor" },
    };

    [Theory, MemberData(nameof(Trees))]
    public void Leaves_OfARecord_AreNamedInOrder(string names, object tree) =>
        Assert.Equal(names == "-" ? [] : names.Split(' '), Tree.Leaves(tree).Select(leaf => leaf.Name));

    [Theory, MemberData(nameof(Trees))]
    public void Tree_SplitAndRebuilt_IsTheSame(string names, object tree)
    {
        _ = names;
        Assert.Equal(Tree.Leaves(tree).Select(leaf => leaf.Value), Tree.Tensors(tree));
        Assert.Equal(Tree.Leaves(tree), Tree.Leaves(Tree.Map(tree, x => x)));
        var others = Tree.Tensors(tree).Select(_ => T()).ToArray();
        var rebuilt = Tree.Rebuild(tree, others);
        Assert.Equal(tree.GetType(), rebuilt.GetType());
        Assert.Equal(others, Tree.Tensors(rebuilt));
        Assert.Equal(Tree.Leaves(tree).Select(leaf => leaf.Name), Tree.Leaves(rebuilt).Select(leaf => leaf.Name));
        Assert.Equal(Tree.Leaves(tree), Tree.Leaves(Tree.Rebuild(rebuilt, Tree.Tensors(tree))));
    }

    [Fact]
    public void Members_OtherThanTensors_AreCopied()
    {
        var tree = Carry();
        var mapped = Tree.Map(tree, x => x + 1);
        Assert.Equal(tree with { Weight = mapped.Weight }, mapped);
        Assert.Equal(new Inner(mapped.Weight), Tree.Map(new Inner(tree.Weight), _ => mapped.Weight));
    }

    [Fact]
    public void Buffers_AreMarked_ThroughNestedRecords()
    {
        var tree = new Buffers(T(), new(T()), T());
        Assert.Equal([true, true, false], Tree.Leaves(tree).Select(leaf => leaf.IsBuffer));
        Assert.Equal(2, Tree.Count(tree));
    }

    [Fact]
    public void Tables_AreMarked_ByTheLayerThatLooksUp() =>
        Assert.Equal([true, false], Tree.Leaves((new Embedding(T()), new Linear(T()))).Select(leaf => leaf.IsTable));

    [Fact]
    public void Zip_OfTwoRecords_CombinesLeafByLeaf()
    {
        var sum = Tree.Zip(new Pair(T(1), T(2)), new Pair(T(10), T(20)), (a, b) => a + b);
        Assert.Equal([11f, 11f, 22f, 22f], [.. sum.First.ToArray(), .. sum.Second.ToArray()]);
    }

    [Fact]
    public void Trees_ThatDoNotFit_AreReported()
    {
        var tree = new Inner(T(), T());
        Assert.Equal(
            "Tree: two leaves of Twice are named 'w'.",
            Assert.Throws<ArgumentException>(() => Tree.Leaves(new Twice(T(), T()))).Message);
        Assert.Equal(
            "Tree.Zip: Inner with 2 tensors and with 1.",
            Assert.Throws<ArgumentException>(() => Tree.Zip(tree, new(T()), (a, _) => a)).Message);
        foreach (var count in (int[])[1, 3])
            Assert.Equal(
                $"Tree.Rebuild: {count} tensors do not fit Inner.",
                Assert.Throws<ArgumentException>(() => Tree.Rebuild(tree, new Tensor[count].Select(_ => T()).ToArray())).Message);
    }

    [Fact]
    public void Tensors_ThatWouldBeLost_AreReported()
    {
        var faults = new Dictionary<string, Func<object>>
        {
            ["Tree: Plain is a class with tensors, and only a record can be rebuilt; make it a record: record Plain(Tensor Weight)."] =
                () => Tree.Leaves(new HoldsAClass(new())),
            ["Tree: the tensors in a Dictionary have no order; use a record or a list."] =
                () => Tree.Leaves(new HoldsADictionary(new() { ["w"] = T() })),
            ["Tree: Layered is a class with tensors, and only a record can be rebuilt; make it a record: record Layered(Inner[] Layers)."] =
                () => Tree.Leaves(new Layered()),
            ["Tree: Deep is a class with tensors, and only a record can be rebuilt; make it a record: record Deep(Nested Layer)."] =
                () => Tree.Leaves(new Deep()),
            ["Tree: [Leaf] is on MarksANumber.Count, which is Int32 and holds no tensor; remove it."] =
                () => Tree.Leaves(new MarksANumber(T(), 3)),
            ["Tree: [Buffer] is on MarksText.Name, which is String and holds no tensor; remove it."] =
                () => Tree.Map(new MarksText(T(), "x"), x => x),
        };
        Assert.Throws<ArgumentException>(() => Tree.Leaves(new Dictionary<string, Inner>()));
        Assert.All(faults, fault => Assert.Equal(fault.Key, Assert.Throws<ArgumentException>(fault.Value).Message));
    }

    [Fact]
    public void To_AnotherEngine_MovesEveryLeaf()
    {
        var naive = new NaiveEngine();
        Assert.All(Tree.Tensors(Tree.To(Carry(), naive)), tensor => Assert.Same(naive, tensor.Engine));
    }

    private static Carried Carry() => new(T(), 3, "name", [1, 2], [3, 4], new() { ["a"] = 1 }, () => 5);

    private static Tensor T(float value = 0) => Tensor.Full(value == 0 ? _count++ : value, [2]);
}
