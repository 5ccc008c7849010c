// What every script builds on: the library, and what it needs. `dotnet build` puts all of it in one folder.
#r "../artifacts/bin/Makemore.Studies/release/Makemore.dll"
#r "../artifacts/bin/Makemore.Studies/release/Makemore.Console.dll"
#r "../artifacts/bin/Makemore.Studies/release/Makemore.Reports.dll"
#r "../artifacts/bin/Makemore.Studies/release/Makemore.Studies.dll"
#r "../artifacts/bin/Makemore.Studies/release/Makemore.WorkDirs.dll"
#r "../artifacts/bin/Makemore.Studies/release/LanguageExt.Core.dll"
#r "../artifacts/bin/Makemore.Studies/release/Microsoft.Bcl.AsyncInterfaces.dll"
#r "../artifacts/bin/Makemore.Studies/release/Spectre.Console.dll"
#r "../artifacts/bin/Makemore.Studies/release/Spectre.Console.Ansi.dll"
#r "../artifacts/bin/Makemore.Studies/release/System.CommandLine.dll"

global using System.Collections.Immutable;
global using Makemore;
global using static Makemore.Gradients;
global using static Makemore.Optimizers;
global using static Makemore.Primitives;

Freshness.Require("../artifacts/bin/Makemore.Studies/release");
