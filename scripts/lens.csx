#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// Looks inside the saved model of any finished run, with the run's own script:
//
//     dotnet script scripts/lens.csx -- out/transformer
//     dotnet script scripts/lens.csx -- out/transformer --prompt emm --target a
//
// Alone, it lists the model's activations by name, and says of each attention head where it looks, and what is harder to predict on
// the test words when its output is replaced by zeros. With --prompt it says what comes next, and why: what the model would say if
// it ended after each layer, how much the prediction depends on each character, and on each head.

return SavedLens.Show(Args);
