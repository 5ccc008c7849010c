#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// Trains a script, tweaks included, with several settings and several seeds of each, and compares the settings:
//
//     dotnet script scripts/sweep.csx -- scripts/mlp.csx --learning-rate 1e-3,3e-3 --n-embd 32,64 --seeds 5
//     dotnet script scripts/sweep.csx -- scripts/mlp.csx --learning-rate 1e-4..1e-2 --n-embd 16..128 --random 8
//
// One run is one draw: another seed gives another loss. So a setting is its mean over seeds, and two settings differ only if
// their difference is larger than what other seeds and other test words would make it. Whoever tries twenty settings sees one
// that is "significantly" better by chance, so p-values are corrected for the number of comparisons.
//
// Runs are processes of their own, as many at a time as there are cores. A sweep that was stopped or killed resumes with the
// same command; with more values or seeds, it trains what is new.

return Sweep.Show(Args);
