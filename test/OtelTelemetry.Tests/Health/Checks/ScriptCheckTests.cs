using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Health.Checks.Script;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Health.Checks;

[Platform("Linux", Reason = "The scripts are for a POSIX shell, and processes are found in /proc.")]
public class ScriptCheckTests
{
    [TestCase("exit 0", HealthStatus.Healthy, null)]
    [TestCase("echo fine", HealthStatus.Healthy, "fine")]
    [TestCase("echo slow; exit 1", HealthStatus.Degraded, "'/bin/sh' ended with code 1: slow")]
    [TestCase("echo no >&2; exit 2", HealthStatus.Unhealthy, "'/bin/sh' ended with code 2: no")]
    [TestCase("cat; echo $WHO", HealthStatus.Healthy, "me", TestName = "Its input is empty, and it gets its variables")]
    public async Task The_exit_code_decides_and_the_output_describes(string script, HealthStatus status, string? description)
    {
        var result = await Script(script).RunOnce();
        Assert.That((result.Status, result.Description), Is.EqualTo((status, description)));
    }

    [Test]
    public async Task Arguments_are_passed_as_they_are()
    {
        var options = new ScriptHealthCheckOptions { Command = "/bin/echo", Arguments = ["two words", "$HOME", "\"'"] };
        Assert.That((await options.RunOnce()).Description, Is.EqualTo("two words $HOME \"'"));
    }

    [Test]
    public async Task Only_so_much_output_is_kept_and_the_rest_holds_nothing_up()
    {
        var result = await (Script("i=0; while [ $i -lt 3000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done") with { MaxOutputBytes = 20 }).RunOnce();
        Assert.That((result.Status, result.Description), Is.EqualTo((HealthStatus.Healthy, "01234567890123456789")));
    }

    [Test]
    public async Task What_cannot_be_run_is_a_failure()
    {
        var result = await new ScriptHealthCheckOptions { Command = "/no/such/program" }.RunOnce();
        Assert.That((result.Status, result.Description), Is.EqualTo((HealthStatus.Unhealthy, result.Description)));
        Assert.That(result.Description, Does.StartWith("'/no/such/program' cannot be run: "));
    }

    [Test]
    public async Task At_the_end_of_its_time_it_is_killed_with_its_children()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("children");
        using var time = new CancellationTokenSource();
        var run = Script($"sleep 300 & (sleep 301 & echo $! >> {file}; wait) & echo $! >> {file}; wait").RunOnce(cancellationToken: time.Token);
        await Within.Time(() => File.Exists(file) && File.ReadAllLines(file).Length == 2, "the script has started its children");
        var children = File.ReadAllLines(file).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).ToList();
        Assert.That(children, Has.All.Matches<int>(IsRunning));

        await time.CancelAsync();
        Assert.That(async () => await run.WaitAsync(TimeSpan.FromSeconds(20)), Throws.InstanceOf<OperationCanceledException>());
        await Within.Time(() => !children.Any(IsRunning), "no child runs any more");
    }

    [Test]
    public async Task What_it_leaves_behind_with_its_output_open_does_not_hold_it_up()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("child");
        var run = Script($"sleep 300 & echo $! > {file}; echo done").RunOnce();
        try
        {
            Assert.That((await run.WaitAsync(TimeSpan.FromSeconds(20))).Description, Is.EqualTo("done"));
        }
        finally
        {
            using var child = System.Diagnostics.Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture));
            child.Kill();
        }
    }

    private static ScriptHealthCheckOptions Script(string script) => new()
    {
        Command = "/bin/sh", Arguments = ["-c", script], DegradedExitCode = 1, Environment = new Dictionary<string, string> { ["WHO"] = "me" },
    };

    /// <summary>Whether a process is there and no zombie, which nobody may have waited for.</summary>
    private static bool IsRunning(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].TrimStart()[0] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }
}
