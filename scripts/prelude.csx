// What every script builds on: the library, and what it needs. `dotnet build` puts all of it in one folder.
#r "../artifacts/bin/Makemore.Console/release/Makemore.dll"
#r "../artifacts/bin/Makemore.Console/release/Makemore.Console.dll"
#r "../artifacts/bin/Makemore.Console/release/Makemore.Reports.dll"
#r "../artifacts/bin/Makemore.Console/release/LanguageExt.Core.dll"
#r "../artifacts/bin/Makemore.Console/release/Microsoft.Bcl.AsyncInterfaces.dll"
#r "../artifacts/bin/Makemore.Console/release/Spectre.Console.dll"
#r "../artifacts/bin/Makemore.Console/release/Spectre.Console.Ansi.dll"
#r "../artifacts/bin/Makemore.Console/release/System.CommandLine.dll"

global using System.Collections.Immutable;
global using Makemore;
global using static Makemore.Gradients;
global using static Makemore.Optimizers;
global using static Makemore.Primitives;

Freshness.Require();
