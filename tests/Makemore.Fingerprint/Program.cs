using System.Runtime.Intrinsics;
using Makemore;
using Makemore.Tests;

// Prints the vector width of this process, and the fingerprint of its results. The tests start this program with different
// instruction sets disabled, and compare.
var width = Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : Vector128.IsHardwareAccelerated ? 4 : 1;
Console.WriteLine($"{width} {Fingerprint.Of(ManagedEngine.Create(2))}");
