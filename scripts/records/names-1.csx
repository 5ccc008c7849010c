#!/usr/bin/env dotnet-script
#load "../prelude.csx"
#nullable enable

// Names: the modern Transformer, with as many steps as fit into the minute.

return Preset.Run(Args, "../modern.csx", ["--max-steps", "3600", "--eval-every", "1200"]);
