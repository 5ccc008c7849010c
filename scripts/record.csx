#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// Judges whether a script is a record (scripts/records/README.md): trains it with five seeds, a minute each, and compares its test
// losses with those of the record before, whose number is one less. That is trained in the same way, unless out/record has it:
//
//     dotnet script scripts/record.csx -- scripts/records/shakespeare-2.csx
//
// A lower mean is not enough. It has to be lower than other seeds and other test words would make it, with p < 0.01.

return Records.Show(Args);
