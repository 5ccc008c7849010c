using System.Diagnostics;
using System.Numerics;
using System.Reflection;

namespace Makemore.Tests;

/// <summary>The same bits on every machine, and the rules that ensure it.</summary>
public sealed class SameBitsTests
{
    // Functions that IEEE 754 rounds correctly, or that do not round.
    private static readonly HashSet<string> Exact =
    [
        "Sqrt", "FusedMultiplyAdd", "Abs", "Min", "Max", "Truncate", "Floor", "Ceiling", "Round", "Clamp", "BigMul", "DivRem",
        "Sign", "CopySign", "BitIncrement", "BitDecrement", "ScaleB", "ILogB",
    ];

    // Functions that only format numbers for people: folder and member. The diagnosis shows log10 ratios.
    private static readonly HashSet<(string Folder, string Member)> Presentation = [("Inspection", "Math.Log10")];

    [Fact]
    public void Library_UsesOnlyFunctionsWithTheSameBitsEverywhere()
    {
        var uses = (
            from method in LibraryCode.Methods
            from member in method.References.OfType<MethodBase>()
            where IsInexact(member)
            select (method.Folder, Member: $"{member.DeclaringType!.Name}.{member.Name}", User: method.Method)).ToArray();
        Assert.Equal(
            [],
            uses.Where(use => !Presentation.Contains((use.Folder, use.Member)))
                .Select(use => $"{use.Folder} {use.User.DeclaringType!.Name}.{use.User.Name} uses {use.Member}").Distinct());
        // Each exception is found; otherwise the test would see nothing, or the exception would be unnecessary.
        Assert.Equal(Presentation, uses.Select(use => (use.Folder, use.Member)).ToHashSet());
    }

    [Theory]
    [InlineData(typeof(Math), "Tanh", true), InlineData(typeof(MathF), "Pow", true), InlineData(typeof(Math), "Sqrt", false)]
    [InlineData(typeof(double), "Exp", true), InlineData(typeof(float), "IsNaN", false)]
    public void IsInexact_Function_IsClassified(Type type, string name, bool isInexact) => Assert.Equal(
        [isInexact], type.GetMember(name).OfType<MethodBase>().Select(IsInexact).Distinct());

    [Fact]
    public void Law4_Bits_OnAnyNumberOfThreads_AreTheSame() =>
        Assert.Equal(Fingerprint.Of(ManagedEngine.Create(1)), Fingerprint.Of(ManagedEngine.Create(2)));

    [Theory]
    [InlineData("DOTNET_EnableAVX512", 8), InlineData("DOTNET_EnableAVX2", 4), InlineData("DOTNET_EnableHWIntrinsic", 1)]
    public void Law4_Bits_WithoutAnInstructionSet_AreTheSame(string variable, int widest)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Makemore.Fingerprint.dll")])
        {
            RedirectStandardOutput = true,
            Environment = { [variable] = "0" },
        };
        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEnd().Trim().Split(' ');
        child.WaitForExit();
        Assert.Equal(0, child.ExitCode);
        Assert.InRange(int.Parse(output[0]), 1, widest);
        Assert.Equal(Fingerprint.Of(ManagedEngine.Default), output[1]);
    }

    /// <summary>Whether a function of numbers, vectors or spans calls the platform's math library, rounds in an order that depends
    /// on the vector width, or is an estimate.</summary>
    private static bool IsInexact(MethodBase member)
    {
        var type = member.DeclaringType!;
        if (type == typeof(Math) || type == typeof(MathF))
            return !Exact.Contains(member.Name);
        if (type.Namespace == "System.Numerics.Tensors")
            return true;
        var isNumeric = type == typeof(float) || type == typeof(double) || type == typeof(Half)
            || (type.Namespace is "System.Runtime.Intrinsics" or "System.Numerics" && type != typeof(BitOperations));
        return isNumeric && (Inexact.Contains(member.Name) || member.Name.Contains("Estimate", StringComparison.Ordinal));
    }

    private static readonly HashSet<string> Inexact =
    [
        "Exp", "Exp2", "Exp10", "ExpM1", "Log", "LogP1", "Log2", "Log2P1", "Log10", "Log10P1", "Pow", "Cbrt", "RootN",
        "Hypot", "Sin", "Cos", "Tan",
        "SinCos", "SinPi", "CosPi", "TanPi", "Asin", "Acos", "Atan", "Atan2", "Sinh", "Cosh", "Tanh", "Asinh", "Acosh", "Atanh",
        "Sum", "Dot",
    ];
}
