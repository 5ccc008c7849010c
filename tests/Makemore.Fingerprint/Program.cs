using System.Runtime.Intrinsics;
using Makemore;
using Makemore.Tests;

// The width of this process' vectors, and the fingerprint of what they compute: the tests start this with one
// instruction set after another switched off, and compare.
var width = Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : Vector128.IsHardwareAccelerated ? 4 : 1;
Console.WriteLine($"{width} {Fingerprint.Of(ManagedEngine.Create(2))}");
