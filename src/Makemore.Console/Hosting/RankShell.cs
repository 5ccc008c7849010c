using System.Security.Cryptography;
using System.Text;
using LanguageExt;

namespace Makemore;

/// <summary>The shells of the processes that train one model together. Rank 0 alone prints results. A fault that all have is printed
/// by rank 0, one that others do not have by the rank that has it, with its number.</summary>
internal sealed class RankShell
{
    private const int HashSize = SHA256.HashSizeInBytes;

    private readonly Shell _shell;
    private readonly IRanks _ranks;
    private bool _hasAgreed;

    private RankShell(Shell shell, IRanks ranks) => (_shell, _ranks) = (shell, ranks);

    /// <summary>The shell of this rank, among those that mpirun started.</summary>
    /// <param name="shell">The shell of this process.</param>
    /// <param name="script">The path of the script, by which the project is found.</param>
    public static Either<Fault, Shell> Open(Shell shell, string script) =>
        Shell.Try(() => Prelude.Right<Fault, IRanks>(Load(script)())).Map(ranks => Among(shell, ranks));

    /// <summary>The shell of one of several ranks.</summary>
    internal static Shell Among(Shell shell, IRanks ranks)
    {
        // What they print passes through mpirun, which cannot move a cursor.
        var own = new RankShell(shell with { Out = ranks.Rank == 0 ? shell.Out : TextWriter.Null, IsTerminal = false }, ranks);
        return own._shell with { Ranks = ranks, Agree = own.Agree, Failing = own.Failing, Failed = own.Failed };
    }

    private static Func<IRanks> Load(string script)
    {
        string[] path = ["artifacts", "bin", "Makemore.Mpi", "release", "Makemore.Mpi.dll"];
        var file = ProjectFile.Find(typeof(RankShell).Assembly.Location, path) ?? ProjectFile.Find(script, path)
            ?? throw new EngineException("the library for MPI has not been built; run `dotnet build`");
        return EngineLibrary.Load(file, "the library for MPI", "`dotnet build`").Opener<Func<IRanks>>("Makemore.MpiRanks");
    }

    /// <summary>Ends the program unless all ranks have come this far, and agree.</summary>
    private void Agree(RankFacts facts)
    {
        _hasAgreed = true;
        var all = _ranks.All([0, .. facts.Named.SelectMany(fact => Hash(fact.Value))]);
        if (all.Any(other => other[0] != 0))
            throw _shell.Exit(1);
        for (var i = 0; i < facts.Named.Length; i++)
            if (Array.FindIndex(all, other => !FactOf(other, i).SequenceEqual(FactOf(all[0], i))) is > 0 and var rank)
            {
                if (_ranks.Rank == 0)
                    _shell.Error.WriteLine($"makemore: rank {rank} has {facts.Named[i].Name} than rank 0");
                throw _shell.Exit(1);
            }

        static Span<byte> FactOf(byte[] message, int fact) => message.AsSpan(1 + (fact * HashSize), HashSize);
    }

    /// <summary>The faults that this rank prints.</summary>
    private Fault[] Failing(Fault[] faults)
    {
        byte[] message = [1, .. Hash(string.Join('\n', faults.Select(fault => fault.Message))), .. new byte[(RankFacts.Count - 1) * HashSize]];
        var isOfAll = _hasAgreed ? faults.All(IsOfAll) : _ranks.All(message)[0].SequenceEqual(message);
        return _ranks.Rank == 0 ? faults : isOfAll ? [] : [.. faults.Select(fault => fault.In($"rank {_ranks.Rank}"))];
    }

    /// <summary>Ends all ranks if the others go on without this one.</summary>
    private void Failed(Fault[] faults)
    {
        if (_hasAgreed && !faults.All(IsOfAll))
            _ranks.Abort(1);
        _hasAgreed = true;
    }

    /// <summary>Whether a fault during training is the same on all ranks.</summary>
    private static bool IsOfAll(Fault fault) => fault is Fault.Diverged or Fault.Interrupted;

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}

/// <summary>What must be the same on all ranks.</summary>
/// <param name="Words">The hash of the words.</param>
/// <param name="Options">The options that the results depend on.</param>
/// <param name="Version">The hashes of the script and of the library.</param>
/// <param name="State">The hash of the state that is resumed.</param>
internal sealed record RankFacts(string Words, string Options, string Version, string State)
{
    /// <summary>The number of facts.</summary>
    public const int Count = 4;

    /// <summary>The facts, and what to call those that differ.</summary>
    public (string Name, string Value)[] Named =>
        [("other words", Words), ("other options", Options), ("another version of the script or of Makemore", Version), ("another saved state", State)];
}
