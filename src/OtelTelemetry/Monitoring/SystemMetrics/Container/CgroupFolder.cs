namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>The folder of the process's control group in one hierarchy, with those above it.</summary>
internal sealed class CgroupFolder
{
    /// <summary>Deeper nesting is not looked through.</summary>
    private const int Deepest = 16;

    private readonly string[] _folders;

    private CgroupFolder(string[] folders) => _folders = folders;

    /// <summary>Finds the folder. In a container the path may be that on the machine, while only the container's own folder is there, as the root.</summary>
    /// <param name="root">Where the hierarchy is mounted.</param>
    /// <param name="path">The path in it.</param>
    public static CgroupFolder? Find(string root, string? path)
    {
        if (path is null || !Directory.Exists(root)) return null;
        var folders = new List<string>();
        // A path with .. is that of a process outside of what is mounted here.
        var relative = path.Contains("..", StringComparison.Ordinal) ? "" : path.Trim('/');
        while (relative.Length > 0 && folders.Count < Deepest)
        {
            var folder = Path.Combine(root, relative);
            if (Directory.Exists(folder)) folders.Add(folder);
            relative = relative.Contains('/', StringComparison.Ordinal) ? relative[..relative.LastIndexOf('/')] : "";
        }

        folders.Add(root);
        return new CgroupFolder([.. folders]);
    }

    /// <summary>A file of the control group itself; null where there is none.</summary>
    public KernelFile? Open(string name) => Open(_folders[0], name);

    /// <summary>A file of the control group and of those above it: a limit of any of them holds.</summary>
    public KernelFile[] OpenAll(string name) => [.. _folders.Select(folder => Open(folder, name)).OfType<KernelFile>()];

    private static KernelFile? Open(string folder, string name) => Path.Combine(folder, name) is var path && File.Exists(path) ? new KernelFile(path) : null;
}
