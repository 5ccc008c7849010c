namespace Makemore.Tests;

public sealed class PermutationTests
{
    public static TheoryData<int> Counts => [1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 255, 256, 257, 1000, 4097, 32868];

    [Theory, MemberData(nameof(Counts))]
    public void Permutation_OfACount_HasEachIndexOnce(int count) =>
        Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), Order(1, count).Order());

    [Fact]
    public void Permutations_OfDifferentKeys_Differ()
    {
        Assert.NotEqual(Order(1, 1000), Order(2, 1000));
        Assert.InRange(Order(1, 1000).Zip(Order(2, 1000)).Count(pair => pair.Item1 == pair.Item2), 0, 10);
    }

    [Fact]
    public void Permutations_OfThree_AreEquallyLikely()
    {
        var orders = Enumerable.Range(0, 6000).CountBy(seed => string.Join(' ', Order(seed, 3))).ToDictionary();
        Assert.Equal(6, orders.Count);
        Assert.All(orders.Values, count => Assert.InRange(count, 800, 1200));
    }

    [Fact]
    public void Permutation_OfAnyCount_StaysInItsRange()
    {
        foreach (var count in (long[])[1_000_000_000, 1L << 62, (1L << 62) + 1, long.MaxValue])
            for (var i = 0; i < 50; i++)
                Assert.InRange(new Permutation(Key.FromSeed(5), count)[i], 0, count - 1);
    }

    [Theory, MemberData(nameof(Counts))]
    public void IndexOf_APosition_IsItsIndex(int count)
    {
        var permutation = new Permutation(Key.FromSeed(1), count);
        Assert.All(Enumerable.Range(0, count), index => Assert.Equal(index, permutation.IndexOf(permutation[index])));
    }

    [Theory, MemberData(nameof(Counts))]
    public void Positions_AndIndices_OfManyAtOnce_EqualSingleOnes(int count)
    {
        var (permutation, from) = (new Permutation(Key.FromSeed(1), count), count / 3);
        long[] positions = new long[count - from], indices = new long[count - from];
        permutation.Positions(from, positions);
        permutation.IndicesOf(from, indices);
        Assert.Equal(Order(1, count)[from..], positions);
        Assert.Equal(Enumerable.Range(from, count - from).Select(i => permutation.IndexOf(i)), indices);
        Assert.Throws<ArgumentOutOfRangeException>(() => permutation.Positions(from + 1, positions));
        Assert.Throws<ArgumentOutOfRangeException>(() => permutation.IndicesOf(-1, indices));
    }

    [Theory, InlineData(-1), InlineData(10)]
    public void Permutation_OutOfRange_Throws(long index) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Permutation(Key.FromSeed(1), 10)[index]);

    private static long[] Order(long seed, int count)
    {
        var permutation = new Permutation(Key.FromSeed(seed), count);
        return [.. Enumerable.Range(0, count).Select(i => permutation[i])];
    }
}
