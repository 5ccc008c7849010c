#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// Compares finished runs, tweaks included:
//
//     dotnet script scripts/compare.csx -- out/bigram out/mlp out/mine
//     dotnet script scripts/compare.csx -- --train
//
// A loss alone does not say which model is better: another sample of test words would have given another loss. So each run's
// own script is started on the same held-out words, and a difference counts only where it persists when these words are
// resampled (a paired bootstrap). Samples are measured too: how many are new, how far their trigrams are from those of the
// training words (as many training words, drawn at random, are 1 × floor away), and whether the model repeats its training
// words more often than held-out words do. With --train the whole ladder is trained first, an equal share of the time each.

return Comparison.Show(Args);
