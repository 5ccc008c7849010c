#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// Shows runs in a browser while they train, over each other: losses, samples, and how busy the machine is.
//
//     dotnet script scripts/watch.csx -- out
//
// It reads what runs write to their work dirs, so it can be started and stopped at any time. Only this machine can connect, and
// the page makes no request but to it.

return Watch.Show(Args);
