#!/usr/bin/env dotnet-script
#load "../prelude.csx"
#nullable enable

// Shakespeare: a token is a byte pair, so that a block of 64 reaches twice as far back.

return Preset.Run(Args, "shakespeare-1.csx", ["--vocabulary", "bpe:512"]);
