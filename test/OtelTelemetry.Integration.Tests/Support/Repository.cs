namespace OtelTelemetry.Integration.Tests.Support;

/// <summary>Where things are in the checkout the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release: what the tests themselves were built as (their output folder is bin/CONFIGURATION/FRAMEWORK).</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>The framework folder of the build output, such as net10.0.</summary>
    public static string Framework { get; } = new DirectoryInfo(AppContext.BaseDirectory).Name;

    public static string PathTo(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The built program of an example.</summary>
    public static string PathToExample(string name) => PathTo("examples", name, "bin", Configuration, Framework, $"{name}.dll");

    /// <summary>A built program that is there for tests only.</summary>
    public static string PathToTestProgram(string name) => PathTo("test", name, "bin", Configuration, Framework, $"{name}.dll");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OtelTelemetry.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"No OtelTelemetry.sln above {AppContext.BaseDirectory}: run the tests from a checkout.");
    }
}
