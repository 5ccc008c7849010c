#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// Compares finished runs, tweaks included:
//
//     dotnet script scripts/compare.csx -- out/bigram out/mlp out/mine
//
// A loss alone does not say which model is better: another draw of test words would have given another. So each run's own
// script is started on the same held-out words, and a difference counts only where the same words, drawn anew again and
// again, show it again and again. Samples are measured too: what is new in them, how far their runs of three characters are
// from those of the training words (as many training words, drawn at random, are 1 × floor away), and whether the model
// repeats its training words more often than held-out words do.

var comparison = Comparison.Open(Args);
comparison.Train();                         // with --train: the whole ladder, an equal share of the time each
comparison.Compare(comparison.Runs);        // one table, and the same for other programs in out/compare/comparison.json
