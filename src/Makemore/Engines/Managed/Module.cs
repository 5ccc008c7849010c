using System.Runtime.CompilerServices;

// Kernels initialize their stack memory themselves; clearing it first would take as long as some of them.
[module: SkipLocalsInit]
