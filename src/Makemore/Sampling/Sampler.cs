namespace Makemore;

/// <summary>Sampling: the unfold of a model's Step, the same for every model.</summary>
public static class Sampler
{
    // Finished words are dropped when no more than this share of a batch goes on.
    private const double GoingOn = 0.75;

    /// <summary>
    /// Words from a model, lazily, in batches. Word i is a pure function of (key, i): how many are asked for and how
    /// they are batched changes none of them.
    /// </summary>
    /// <param name="model">The model; only its Start and Step are used.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="key">The randomness.</param>
    /// <param name="count">How many words.</param>
    /// <param name="options">How tokens are drawn.</param>
    /// <param name="prompt">The tokens that every word begins with.</param>
    /// <param name="batchSize">How many words are unfolded side by side.</param>
    public static IEnumerable<Sample> Words<P, C>(
        Model<P, C> model, P p, Key key, int count, SamplingOptions options, IReadOnlyList<int>? prompt = null,
        int batchSize = 256)
    {
        var hasRows = Model.HasRows(model, p);
        for (var from = 0; from < count; from += batchSize)
        {
            var keys = Enumerable.Range(from, Math.Min(batchSize, count - from)).Select(i => key.At(i)).ToArray();
            foreach (var sample in Unfold(model, p, keys, options, prompt ?? [], hasRows))
                yield return sample;
        }
    }

    /// <summary>The logits (V) after each token of one sequence, lazily, however long it is: each costs a step of the model,
    /// and no more memory than the model's own.</summary>
    public static IEnumerable<float[]> Stream<P, C>(Model<P, C> model, P p, IEnumerable<int> ids)
    {
        using var memory = new StepMemory<P, C>(model, p, 1);
        foreach (var id in ids)
            yield return memory.Step([id], logits => logits.ToArray());
    }

    private static Sample[] Unfold<P, C>(
        Model<P, C> model, P p, Key[] keys, SamplingOptions options, IReadOnlyList<int> prompt, bool hasRows)
    {
        var (words, finished) = (Array.ConvertAll(keys, _ => new List<int>(prompt)), new bool[keys.Length]);
        using var memory = new StepMemory<P, C>(model, p, keys.Length);
        var ids = new int[keys.Length];
        foreach (var token in prompt)
        {
            memory.Step(ids, _ => 0);
            Array.Fill(ids, token);
        }
        // The words that the model still steps, a row each.
        int[] rows = [.. Enumerable.Range(0, keys.Length)];
        for (var t = prompt.Count; t < options.MaxLength + 1; t++)
        {
            var uniforms = Array.ConvertAll(rows, i => finished[i] ? double.NaN : keys[i].Uniform(t));
            var next = memory.Step(ids, logits => Choice.Draw(logits, options, uniforms));
            for (var row = 0; row < rows.Length; row++)
            {
                var i = rows[row];
                finished[i] |= next[row] == Vocabulary.Stop;
                if (!finished[i] && words[i].Count < options.MaxLength)
                    words[i].Add(next[row]);
            }
            ids = next;
            // Not at each that is finished, because the others are copied.
            int[] going = [.. Enumerable.Range(0, rows.Length).Where(row => !finished[rows[row]])];
            if (going.Length == 0)
                break;
            if (!hasRows || going.Length > rows.Length * GoingOn)
                continue;
            memory.Keep(going);
            (rows, ids) = (Array.ConvertAll(going, row => rows[row]), Array.ConvertAll(going, row => next[row]));
        }
        return [.. words.Select((word, i) => new Sample(word.ToArray(), finished[i]))];
    }
}

/// <summary>A model's memory while it is unfolded: each step's temporary tensors and the memory before it are given
/// back as soon as the next one stands.</summary>
internal sealed class StepMemory<P, C> : IDisposable
{
    private readonly Model<P, C> _model;
    private readonly P _p;
    private Region _region = Region.Root.Open();
    private C _cache;

    public StepMemory(Model<P, C> model, P p, int batch)
    {
        (_model, _p) = (model, p);
        _cache = model.Start(Tree.In(p, _region), batch);
    }

    /// <summary>One token further; what the logits (B, V) are read for is read while they live.</summary>
    public T Step<T>(int[] ids, Func<Tensor, T> read)
    {
        var engine = Model.EngineOf(_p);
        var next = Region.Root.Open();
        using var temporary = next.Open();
        var cache = Tree.Map(_cache, tensor => tensor.In(temporary));
        var (logits, stepped) = _model.Step(Tree.In(_p, temporary), cache, Tensor.Of(ids, [ids.Length], engine));
        var result = read(logits);
        _cache = Tree.Map(stepped, tensor => Carry(tensor, next));
        _region.Dispose();
        _region = next;
        return result;
    }

    /// <summary>Forgets all sequences but those at some rows.</summary>
    public void Keep(int[] rows)
    {
        var next = Region.Root.Open();
        _cache = Tree.Map(Model.Rows(_cache, rows), tensor => Carry(tensor, next));
        _region.Dispose();
        _region = next;
    }

    /// <summary>Moves a tensor of the memory on to the region of the next step: what the step made, and what it only
    /// handed on.</summary>
    private Tensor Carry(Tensor tensor, Region next)
    {
        if (ReferenceEquals(tensor.Raw.Storage.Owner, _region))
            next.Own(tensor.Raw.Storage);
        return tensor.Escape(next);
    }

    public void Dispose() => _region.Dispose();
}
