#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// Samples from any finished run with the run's own script, which has all options for sampling:
//
//     dotnet script scripts/sample.csx -- out/mlp --num 20 --prompt ka --temperature 0.8
//     dotnet script scripts/sample.csx -- out/mlp --num 3 --explain
//
// --explain shows the probabilities of each character: that of the one drawn, and those of the five likeliest.

return SavedSamples.Show(Args);
