using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Health.Checks.DiskSpace;
using OtelTelemetry.Health.Checks.Memory;

namespace OtelTelemetry.Tests.Health.Checks;

public class ResourceCheckTests
{
    private const long MiB = 1 << 20;

    [TestCase(70, HealthStatus.Healthy)]
    [TestCase(71, HealthStatus.Degraded)]
    [TestCase(90, HealthStatus.Degraded)]
    [TestCase(91, HealthStatus.Unhealthy)]
    public async Task A_disk_is_compared_with_the_percentages(int used, HealthStatus expected)
    {
        var options = new DiskSpaceHealthCheckOptions { Path = "/data", DegradedUsedPercent = 70 };
        var result = await new DiskSpaceHealthCheck(options, _ => new DiskUse(used * MiB, (100 - used) * MiB)).Run();
        Assert.That((result.Status, result.Description), Is.EqualTo((expected, $"/data is {used}.0 % full, {100 - used} MiB are free")));
    }

    [TestCase(50, HealthStatus.Healthy)]
    [TestCase(51, HealthStatus.Unhealthy)]
    public async Task A_disk_is_compared_with_the_free_space(int least, HealthStatus expected)
    {
        var options = new DiskSpaceHealthCheckOptions { MinFreeBytes = least * MiB };
        Assert.That((await new DiskSpaceHealthCheck(options, _ => new DiskUse(50 * MiB, 50 * MiB)).Run()).Status, Is.EqualTo(expected));
    }

    [Test]
    public async Task The_disk_of_a_folder_is_read()
    {
        var drive = new DriveInfo(Path.GetTempPath());
        var result = await new DiskSpaceHealthCheckOptions { Path = Path.GetTempPath(), MaxUsedPercent = 100 }.RunOnce();
        Assert.That(result.Status, Is.EqualTo(HealthStatus.Healthy));
        var use = DiskUse.Of(Path.GetTempPath());
        Assert.That((double)(use.Used + drive.TotalFreeSpace), Is.EqualTo(drive.TotalSize).Within(2).Percent);
    }

    [Test]
    public void A_folder_that_is_not_there_is_a_failure() =>
        Assert.That(() => new DiskSpaceHealthCheckOptions { Path = "/no/such/folder" }.RunOnce(), Throws.InstanceOf<IOException>().With.Message.EqualTo("'/no/such/folder' does not exist"));

    [TestCase(70, HealthStatus.Healthy)]
    [TestCase(71, HealthStatus.Degraded)]
    [TestCase(91, HealthStatus.Unhealthy)]
    public async Task Memory_is_compared_with_the_percentages(int used, HealthStatus expected)
    {
        var options = new MemoryHealthCheckOptions { DegradedUsedPercent = 70 };
        var result = await new MemoryHealthCheck(options, () => new MemoryUse(used * MiB, 100 * MiB)).Run();
        Assert.That((result.Status, result.Description), Is.EqualTo((expected, $"the process uses {used} MiB, {used}.0 % of what it may have")));
    }

    [TestCase(50, HealthStatus.Healthy)]
    [TestCase(49, HealthStatus.Unhealthy)]
    public async Task Memory_is_compared_with_the_bytes(int most, HealthStatus expected)
    {
        var options = new MemoryHealthCheckOptions { MaxBytes = most * MiB };
        Assert.That((await new MemoryHealthCheck(options, () => new MemoryUse(50 * MiB, 100 * MiB)).Run()).Status, Is.EqualTo(expected));
    }

    [Test]
    public void The_memory_of_the_process_is_read() =>
        Assert.That(MemoryUse.OfProcess(), Has.Property("WorkingSet").GreaterThan(10 * MiB).And.Property("UsedPercent").InRange(0.01, 100));
}
