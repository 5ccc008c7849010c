using System.Security.Cryptography;
using System.Text;
using LanguageExt;

namespace Makemore;

/// <summary>The shells of the processes that train one model together. Rank 0 alone prints results. A fault that all have is printed
/// by rank 0, one that others do not have by the rank that has it, with its number.</summary>
internal sealed class RankShell
{
    private const int HashSize = SHA256.HashSizeInBytes;

    // How the first message of a rank begins: it goes on, has a fault, or ends without one, as after --help.
    private const byte GoesOn = 0, HasFault = 1, Leaves = 2;

    private readonly Shell _shell;
    private readonly IRanks _ranks;
    private bool _hasSpoken, _hasGoneOn, _hasEnded;

    private RankShell(Shell shell, IRanks ranks) => (_shell, _ranks) = (shell, ranks);

    /// <summary>The shell of this rank, among those that mpirun started.</summary>
    /// <param name="shell">The shell of this process.</param>
    /// <param name="script">The path of the script, by which the project is found.</param>
    public static Either<Fault, Shell> Open(Shell shell, string script)
    {
        Action leave = () => { };
        // Before the library's own handler, which waits for the other ranks.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => leave();
        return Shell.Try(() => Prelude.Right<Fault, IRanks>(Load(script)())).Map(ranks =>
        {
            (var own, leave) = Among(shell, ranks);
            return own;
        });
    }

    /// <summary>The shell of one of several ranks, and what to call when its process exits.</summary>
    internal static (Shell Shell, Action Leave) Among(Shell shell, IRanks ranks)
    {
        // What they print passes through mpirun, which cannot move a cursor.
        var own = new RankShell(shell with { Out = ranks.Rank == 0 ? shell.Out : TextWriter.Null, IsTerminal = false }, ranks);
        return (
            own._shell with { Ranks = ranks, Agree = own.Agree, Failing = own.Failing, Failed = own.Failed, Ended = own.Ended },
            own.Leave);
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
        var all = Say([GoesOn, .. facts.Named.SelectMany(fact => Hash(fact.Value))]);
        if (all.Any(other => other[0] != GoesOn))
            throw Exit();
        for (var i = 0; i < facts.Named.Length; i++)
            if (Array.FindIndex(all, other => !FactOf(other, i).SequenceEqual(FactOf(all[0], i))) is > 0 and var rank)
            {
                if (_ranks.Rank == 0)
                    _shell.Error.WriteLine($"makemore: rank {rank} has {facts.Named[i].Name} than rank 0");
                throw Exit();
            }

        static Span<byte> FactOf(byte[] message, int fact) => message.AsSpan(1 + (fact * HashSize), HashSize);
    }

    /// <summary>The faults that this rank prints.</summary>
    private Fault[] Failing(Fault[] faults)
    {
        var isOfAll = _hasSpoken
            ? faults.All(IsOfAll)
            : AreEqual(Say([HasFault, .. Hash(string.Join('\n', faults.Select(fault => fault.Message)))]));
        return !isOfAll ? [.. faults.Select(fault => fault.In($"rank {_ranks.Rank}"))] : _ranks.Rank == 0 ? faults : [];
    }

    /// <summary>Ends all ranks if the others go on without this one.</summary>
    private void Failed(Fault[] faults)
    {
        _hasEnded = true;
        if (_hasGoneOn && !faults.All(IsOfAll))
            _ranks.Abort(1);
    }

    /// <summary>Lets the others know, if they have not heard of this rank.</summary>
    private void Ended()
    {
        _hasEnded = true;
        if (!_hasSpoken)
            _ = Say([Leaves]);
    }

    /// <summary>Ends all ranks if this one exits before its work is done: by an exception that nothing catches, for example.</summary>
    private void Leave()
    {
        if (_hasEnded || (!_hasSpoken && AreEqual(Say([Leaves]))))
            return;
        _shell.Error.WriteLine($"makemore: rank {_ranks.Rank} has ended too early");
        if (_hasGoneOn)
            _ranks.Abort(1);
    }

    private Exception Exit()
    {
        _hasEnded = true;
        return _shell.Exit(1);
    }

    /// <summary>The first messages of all ranks, of one length.</summary>
    private byte[][] Say(byte[] message)
    {
        (_hasSpoken, _hasGoneOn) = (true, message[0] == GoesOn);
        return _ranks.All([.. message, .. new byte[1 + (RankFacts.Count * HashSize) - message.Length]]);
    }

    private static bool AreEqual(byte[][] messages) => messages.All(message => message.SequenceEqual(messages[0]));

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
