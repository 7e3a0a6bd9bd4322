using System.Diagnostics;

namespace OtelTelemetry.Tests.Support;

/// <summary>A file system that is full soon.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    public static SmallDisk Mount(string folder, string size)
    {
        var path = Directory.CreateDirectory(System.IO.Path.Combine(folder, "disk")).FullName;
        if (Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path) is { } problem)
        {
            Assert.Fail($"A full disk is tried out on a tmpfs, and mounting one needs root on Linux: {problem}");
        }

        return new SmallDisk(path);
    }

    public void Fill(string file)
    {
        using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true) stream.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Lets nobody write, or again everybody.</summary>
    public void Protect(bool readOnly)
    {
        if (Run("mount", "-o", readOnly ? "remount,ro" : "remount,rw", Path) is { } problem) Assert.Fail(problem);
    }

    public void Dispose() => Run("umount", "-l", Path);

    private static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : error;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return exception.Message;
        }
    }
}
