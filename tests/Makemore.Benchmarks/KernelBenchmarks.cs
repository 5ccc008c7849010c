using BenchmarkDotNet.Attributes;

namespace Makemore.Benchmarks;

/// <summary>Matrix products of the sizes that occur in training steps.</summary>
public class ProductBenchmarks
{
    private readonly IEngine _engine = ManagedEngine.Create(1);
    private Raw _x, _w, _g;

    [Params("512x64x192", "512x64x256", "512x256x64", "512x1024x64")]
    public string Size { get; set; } = "";

    private int[] Sizes => [.. Size.Split('x').Select(int.Parse)];

    [GlobalSetup]
    public void Draw()
    {
        var (m, k, n) = (Sizes[0], Sizes[1], Sizes[2]);
        _x = _engine.FromFloats(Key.FromSeed(1).Normals(m * k), [m, k]);
        _w = _engine.FromFloats(Key.FromSeed(2).Normals(n * k), [n, k]);
        _g = _engine.FromFloats(Key.FromSeed(3).Normals(m * n), [m, n]);
    }

    [Benchmark]
    public void Forward() => Release(_engine.Linear(_x, _w, null, _g.Shape));

    [Benchmark]
    public void GradientOfInput() => Release(_engine.MatMul(_g, _w, false, false, _x.Shape));

    [Benchmark]
    public void GradientOfWeight() => Release(_engine.MatMul(_g, _x, true, false, _w.Shape));

    private void Release(Raw result) => _engine.Release(result.Storage);
}

/// <summary>Row-wise and elementwise operations of the sizes that occur in the Transformer.</summary>
public class RowBenchmarks
{
    private readonly IEngine _engine = ManagedEngine.Create(1);
    private readonly Raw _x, _w, _logits, _targets, _scores;

    public RowBenchmarks()
    {
        _x = _engine.FromFloats(Key.FromSeed(1).Normals(512 * 64), [512, 64]);
        _w = _engine.FromFloats(Key.FromSeed(2).Normals(64), [64]);
        _logits = _engine.FromFloats(Key.FromSeed(3).Normals(512 * 27), [512, 27]);
        _targets = _engine.FromInts([.. Enumerable.Range(0, 512).Select(i => i % 27)], [512]);
        _scores = _engine.FromFloats(Key.FromSeed(4).Normals(128 * 16 * 16), [32, 4, 16, 16]);
    }

    [Benchmark]
    public void LayerNorm() => Release(_engine.LayerNorm(_x, _w, _w, 1e-5f));

    [Benchmark]
    public void Gelu() => Release(_engine.Gelu(_x));

    [Benchmark]
    public void Tanh() => Release(_engine.Tanh(_x));

    [Benchmark]
    public void TokenLoss() => Release(_engine.TokenLoss(_logits, _targets));

    [Benchmark]
    public void Softmax() => Release(_engine.Softmax(_scores));

    [Benchmark]
    public void Heads() => Release(_engine.Permute(
        _x with { Shape = [32, 16, 4, 16] }, [0, 2, 1, 3], [32, 4, 16, 16]));

    private void Release(Raw result) => _engine.Release(result.Storage);
}
