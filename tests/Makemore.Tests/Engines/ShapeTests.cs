namespace Makemore.Tests;

public sealed class ShapeTests
{
    [Fact]
    public void Shape_WrittenAsACollection_KnowsItsSizes()
    {
        Shape shape = [2, 3, 4];
        Assert.Equal((3, 24, 4, "(2, 3, 4)"), (shape.Rank, shape.Size, shape[^1], shape.ToString()));
        Assert.Equal((2, 3, 4), shape.Around(1));
        Assert.Equal([2, 5, 4], shape.With(1, 5));
        Assert.Equal([2, 4], shape.Without(1));
        Assert.Equal([2, 7, 3, 4], shape.Insert(1, 7));
        Assert.Equal([3, 4], shape[1..]);
        Assert.Equal((0, 1), (Shape.Scalar.Rank, Shape.Scalar.Size));
    }

    [Fact]
    public void Shapes_OfTheSameSizes_AreEqual()
    {
        Shape a = [2, 3], b = [2, 3], c = [3, 2];
        Assert.True(a == b && a != c && a.GetHashCode() == b.GetHashCode());
        Assert.Single(new HashSet<Shape> { a, b });
    }

    public static TheoryData<int[], int[], int[]> Broadcasts => new()
    {
        { [], [], [] }, { [3], [], [3] }, { [2, 3], [3], [2, 3] }, { [2, 1], [3], [2, 3] },
        { [4, 1, 3], [2, 1], [4, 2, 3] }, { [0], [1], [0] }, { [2, 0], [2, 1], [2, 0] },
    };

    [Theory, MemberData(nameof(Broadcasts))]
    public void Broadcast_FollowsNumPy_InEitherOrder(int[] a, int[] b, int[] expected)
    {
        Assert.Equal(Shape.Create(expected), Shape.Broadcast("Add", Shape.Create(a), Shape.Create(b)));
        Assert.Equal(Shape.Create(expected), Shape.Broadcast("Add", Shape.Create(b), Shape.Create(a)));
    }

    public static TheoryData<int[], int[], int[]> Reshapes => new()
    {
        { [2, 3], [6], [6] }, { [2, 3], [-1], [6] }, { [2, 3], [3, -1], [3, 2] }, { [], [1, 1], [1, 1] },
        { [0, 3], [-1, 3], [0, 3] }, { [], [], [] },
    };

    [Theory, MemberData(nameof(Reshapes))]
    public void Reshape_KeepsTheSize_AndInfersMinusOne(int[] from, int[] sizes, int[] expected) =>
        Assert.Equal(Shape.Create(expected), Shape.Create(from).Reshape(sizes));

    private static readonly Dictionary<string, Action> Faults = new()
    {
        ["Shape: a size is negative, (2, -1)."] = () => Shape.Create([2, -1]),
        ["Shape: (65536, 65536) has more than 2,147,483,583 elements."] = () => Shape.Create([65536, 65536]),
        ["Shape: (65536, 65536, 65536, 65536) has more than 2,147,483,583 elements."] =
            () => Shape.Create([65536, 65536, 65536, 65536]),
        ["Sum: (2, 3) has no dimension 2."] = () => Shape.Create([2, 3]).Axis("Sum", 2),
        ["Sum: (2, 3) has no dimension -3."] = () => Shape.Create([2, 3]).Axis("Sum", -3),
        ["Sum: () has no dimension 0."] = () => Shape.Scalar.Axis("Sum", 0),
        ["Add: shapes do not broadcast, (2, 3) and (2)."] = () => Shape.Broadcast("Add", [2, 3], [2]),
        ["Reshape: (2, 3) has 6 elements, (4, -1) does not."] = () => Shape.Create([2, 3]).Reshape([4, -1]),
        ["Reshape: (2, 3) has 6 elements, (-1, -1) does not."] = () => Shape.Create([2, 3]).Reshape([-1, -1]),
        ["Reshape: (2, 3) has 6 elements, (-2, -3) does not."] = () => Shape.Create([2, 3]).Reshape([-2, -3]),
        ["Reshape: (2, 3) has 6 elements, (7) does not."] = () => Shape.Create([2, 3]).Reshape([7]),
    };

    public static TheoryData<string> Messages => [.. Faults.Keys];

    [Theory, MemberData(nameof(Messages))]
    public void Message_SaysWhatIsWrong(string message) =>
        Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(Faults[message]).Message);
}
