namespace Makemore;

/// <summary>Sampling: the unfold of Step, the same for every model.</summary>
public static class Sampler
{
    // Finished words are removed from a batch when at most this share of it is unfinished.
    private const double MaxUnfinished = 0.75;

    private const int FirstBatch = 8, MaxBatch = 256;

    /// <summary>
    /// Samples words from a model, lazily, in batches. Word i is a pure function of (key, i): it depends neither on the number of
    /// words nor on the batch size.
    /// </summary>
    /// <param name="model">The model; only its Start and Step are used.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="key">The randomness.</param>
    /// <param name="count">The number of words.</param>
    /// <param name="options">The sampling options.</param>
    /// <param name="prompt">The tokens that every word starts with.</param>
    /// <param name="batchSize">The number of words that are sampled in parallel.</param>
    public static IEnumerable<Sample> Words<P, C>(
        Model<P, C> model, P p, Key key, int count, SamplingOptions options, IReadOnlyList<int>? prompt = null,
        int batchSize = MaxBatch)
    {
        var hasRows = Model.HasRows(model, p);
        for (var from = 0L; from < count; from += batchSize)
            foreach (var sample in Unfold(model, p, Keys(key, from, Math.Min(batchSize, count - from)), options, prompt ?? [], hasRows))
                yield return sample;
    }

    /// <summary>Samples words without end: those that <see cref="Words"/> begins with. The batches grow, so that the first words
    /// come soon.</summary>
    /// <param name="model">The model; only its Start and Step are used.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="key">The randomness.</param>
    /// <param name="options">The sampling options.</param>
    /// <param name="prompt">The tokens that every word starts with.</param>
    public static IEnumerable<Sample> Endless<P, C>(
        Model<P, C> model, P p, Key key, SamplingOptions options, IReadOnlyList<int>? prompt = null)
    {
        var (hasRows, from) = (Model.HasRows(model, p), 0L);
        for (var size = FirstBatch; ; size = Math.Min(2 * size, MaxBatch))
        {
            foreach (var sample in Unfold(model, p, Keys(key, from, size), options, prompt ?? [], hasRows))
                yield return sample;
            from += size;
        }
    }

    /// <summary>The logits (V) after each token of a sequence of any length, lazily. Each token costs a step of the model, in
    /// constant memory.</summary>
    public static IEnumerable<float[]> Stream<P, C>(Model<P, C> model, P p, IEnumerable<int> ids)
    {
        using var cache = new StepCache<P, C>(model, p, 1);
        foreach (var id in ids)
            yield return cache.Step([id], logits => logits.ToArray());
    }

    /// <summary>Continues a text, lazily and without end, in constant memory: token t, from 0, is a pure function of (key, t) and those
    /// before it.</summary>
    /// <param name="model">The model; only its Start and Step are used.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="key">The randomness.</param>
    /// <param name="options">The sampling options; the maximum length does not apply.</param>
    /// <param name="prompt">The tokens before, at least one.</param>
    public static IEnumerable<int> Continue<P, C>(Model<P, C> model, P p, Key key, SamplingOptions options, IReadOnlyList<int> prompt)
    {
        using var cache = new StepCache<P, C>(model, p, 1);
        foreach (var id in prompt.SkipLast(1))
            cache.Step([id], _ => 0);
        var last = prompt[^1];
        for (var t = 0L; ; t++)
        {
            double[] uniforms = [key.Uniform(t)];
            last = cache.Step([last], logits => Choice.Draw(logits, options, uniforms))[0];
            yield return last;
        }
    }

    private static Key[] Keys(Key key, long from, long count)
    {
        var keys = new Key[count];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = key.At(from + i);
        return keys;
    }

    private static Sample[] Unfold<P, C>(
        Model<P, C> model, P p, Key[] keys, SamplingOptions options, IReadOnlyList<int> prompt, bool hasRows)
    {
        var (words, finished) = (Array.ConvertAll(keys, _ => new List<int>(prompt)), new bool[keys.Length]);
        using var cache = new StepCache<P, C>(model, p, keys.Length);
        var ids = new int[keys.Length];
        foreach (var token in prompt)
        {
            cache.Step(ids, _ => 0);
            Array.Fill(ids, token);
        }
        // The words in the batch, one per row.
        int[] rows = [.. Enumerable.Range(0, keys.Length)];
        for (var t = prompt.Count; t - 1 < options.MaxLength; t++)
        {
            var uniforms = Array.ConvertAll(rows, i => finished[i] ? double.NaN : keys[i].Uniform(t));
            var next = cache.Step(ids, logits => Choice.Draw(logits, options, uniforms));
            for (var row = 0; row < rows.Length; row++)
            {
                var i = rows[row];
                finished[i] |= next[row] == Vocabulary.Stop;
                if (!finished[i] && words[i].Count < options.MaxLength)
                    words[i].Add(next[row]);
            }
            ids = next;
            // Not for each finished word, because the other rows are copied.
            int[] unfinished = [.. Enumerable.Range(0, rows.Length).Where(row => !finished[rows[row]])];
            if (unfinished.Length == 0)
                break;
            if (!hasRows || unfinished.Length > rows.Length * MaxUnfinished)
                continue;
            cache.Keep(unfinished);
            (rows, ids) = (Array.ConvertAll(unfinished, row => rows[row]), Array.ConvertAll(unfinished, row => next[row]));
        }
        return [.. words.Select((word, i) => new Sample(word.ToArray(), finished[i]))];
    }
}

/// <summary>A model's cache during sampling. Each step returns the buffers of its temporary tensors and of the previous
/// cache.</summary>
internal sealed class StepCache<P, C> : IDisposable
{
    private readonly Model<P, C> _model;
    private readonly P _p;
    private readonly IEngine _engine;
    private readonly Region _temporary = Region.Root.Open().Open();
    private Region _region = Region.Root.Open();
    private C _cache;

    public StepCache(Model<P, C> model, P p, int batch)
    {
        (_model, _p, _engine) = (model, Tree.In(p, _temporary), Model.EngineOf(p));
        _cache = Carry(model.Start(_p, batch));
    }

    /// <summary>Advances by one token, and reads the logits (B, V) before their buffer is returned.</summary>
    public T Step<T>(int[] ids, Func<Tensor, T> read)
    {
        var (logits, stepped) = _model.Step(_p, _cache, Primitives.Flat(_temporary, _engine.FromInts(ids, [ids.Length])));
        var result = read(logits);
        _cache = Carry(stepped);
        return result;
    }

    /// <summary>Keeps only the sequences in some rows.</summary>
    public void Keep(int[] rows) => _cache = Carry(Model.Rows(_cache, rows));

    /// <summary>Moves a cache to the region of the next step, whether the last one created its tensors or passed them on, and
    /// releases all else that it created.</summary>
    private C Carry(C cache)
    {
        var next = Region.Root.Open();
        var carried = Tree.Map(cache, tensor =>
        {
            if (ReferenceEquals(tensor.Raw.Storage.Owner, _region))
                next.Own(tensor.Raw.Storage);
            return tensor.Escape(next).In(_temporary);
        });
        _temporary.Clear();
        _region.Dispose();
        _region = next;
        return carried;
    }

    public void Dispose()
    {
        _temporary.Dispose();
        _region.Dispose();
    }
}
