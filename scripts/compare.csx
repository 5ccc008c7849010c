#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// Compares finished runs, tweaks included:
//
//     dotnet script scripts/compare.csx -- out/bigram out/mlp out/mine
//     dotnet script scripts/compare.csx -- --train
//
// A loss alone does not tell which model is better: on another sample of test words it would be different. So each run's own
// script is started on the same held-out words, and a difference counts only if it is larger than nearly all that arise when the
// two runs are exchanged on random words (a paired permutation test). Samples are compared too: how many are new, how far their trigrams are from those of the training words
// (a random draw of training words is 1 × floor away), and whether the model repeats training words more often than held-out
// words do. --train first trains the whole ladder, each model for an equal share of the time.

return Comparison.Show(Args);
