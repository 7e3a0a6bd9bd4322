using Microsoft.Win32.SafeHandles;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Exporters.Files;

/// <summary>Who may read and write a file: octal as <c>chmod</c> takes it.</summary>
internal static class FileModes
{
    private const UnixFileMode All = (UnixFileMode)0b111_111_111;

    /// <summary>What is wrong with a mode, or null.</summary>
    public static (string Problem, string Remedy)? Check(UnixFileMode mode) =>
        (mode & ~All) != 0 || (mode & UnixFileMode.UserWrite) == 0
            ? ($"{Convert.ToString((int)mode, 8)} is no mode of a file that is written", "Allowed: octal digits as for chmod, the owner may write, such as 644")
            : null;

    public static Parsed<UnixFileMode> Parse(string text)
    {
        if (text.Length is > 0 and <= 4 && text.All(c => c is >= '0' and <= '7')) return (UnixFileMode)Convert.ToInt32(text, 8);
        return Parsed<UnixFileMode>.Wrong($"'{text}' is no mode of a file", "Allowed: octal digits as for chmod, such as 644");
    }

    /// <summary>Sets the mode whatever the process's umask is. Windows has none.</summary>
    public static void Apply(SafeFileHandle file, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, mode);
    }
}
