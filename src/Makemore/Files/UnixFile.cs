using System.Runtime.InteropServices;

namespace Makemore;

/// <summary>What Unix says of a path. .NET has no API for it, so this calls the runtime's own portable <c>stat</c>; elsewhere, and
/// should a runtime lack that, nothing is known.</summary>
internal static partial class UnixFile
{
    private const int TypeMask = 0xF000, Regular = 0x8000, Folder = 0x4000;

    /// <summary>Whether a path leads to a pipe, a socket or a device. Opening a pipe waits for its other end, and a device may
    /// never end.</summary>
    public static bool IsSpecial(string path) => Of(path) is { } status && (status.Mode & TypeMask) is not (Regular or Folder);

    /// <summary>Whether a file or folder belongs to the user of this process, and nobody else may write to it.</summary>
    public static bool IsPrivate(string path) => Of(path) is not { } status
        || (status.User == EffectiveUser() && ((UnixFileMode)status.Mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) == 0);

    private static Status? Of(string path)
    {
        try
        {
            return !OperatingSystem.IsWindows() && Stat(path, out var status) == 0 ? status : null;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_Stat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(string path, out Status status);

    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_GetEUid")]
    private static partial uint EffectiveUser();

    /// <summary>The runtime's FileStatus: these members come first, on every system; the size leaves room for the rest.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct Status
    {
        public int Flags;
        public int Mode;
        public uint User;
    }
}
