#!/usr/bin/env dotnet-script
#load "../prelude.csx"
#nullable enable

// Names: batches of 64. A step of Muon takes little longer for them, and their gradient has less noise, so its rate may be higher.

return Preset.Run(
    Args, "../modern.csx", ["--batch-size", "64", "--learning-rate", "4e-3", "--max-steps", "2600", "--eval-every", "1300"]);
