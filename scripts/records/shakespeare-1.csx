#!/usr/bin/env dotnet-script
#load "../prelude.csx"
#nullable enable

// Shakespeare: the Transformer, with nanoGPT's recipe for a CPU.

return Preset.Run(Args, "../transformer.csx",
[
    "--text", "out/shakespeare.txt", "--n-embd", "128", "--batch-size", "12", "--max-steps", "1800", "--eval-every", "600",
    "--learning-rate", "2e-3", "--schedule", "cosine", "--warmup", "100", "--grad-clip", "1", "--weight-decay", "0.1", "--decay", "matrices",
]);
