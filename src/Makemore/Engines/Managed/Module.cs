using System.Runtime.CompilerServices;

// Kernels fill their working memory themselves; clearing it first would cost as much as some of them.
[module: SkipLocalsInit]
