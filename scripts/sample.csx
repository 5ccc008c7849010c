#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// Samples from any finished run, by its own script, with all its options for samples:
//
//     dotnet script scripts/sample.csx -- out/mlp --num 20 --prompt ka --temperature 0.8
//     dotnet script scripts/sample.csx -- out/mlp --num 3 --explain
//
// With --explain, the probabilities behind each character: the five likeliest, and the one that was drawn.

return SavedSamples.Show(Args);
