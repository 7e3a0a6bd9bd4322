using OtelTelemetry.Exporters.Files;

namespace OtelTelemetry.Tests.Exporters.Files;

public class FileProblemsTests
{
    private static readonly string s_path = Path.Combine(Path.GetTempPath(), "no-such-file.prom");

    [TestCase(28)]
    [TestCase(122)]
    [TestCase(unchecked((int)0x80070070))]
    public void A_full_disk_is_told_as_one(int code) => Assert.That(
        FileProblems.Describe(s_path, new IOException("It failed.", code)),
        Is.EqualTo($"there is no space left for '{s_path}': free some, or give a path on another disk"));

    [Test]
    public void A_file_that_must_not_be_written_is_told_with_the_user() => Assert.That(
        FileProblems.Describe(s_path, new UnauthorizedAccessException()),
        Does.StartWith($"'{s_path}' must not be written by user '{Environment.UserName}': let it write in"));

    [Test]
    public void Anything_else_is_told_with_its_message() => Assert.That(
        FileProblems.Describe(s_path, new IOException("The bus is on fire.")), Is.EqualTo($"'{s_path}' could not be written (The bus is on fire.): see the cause"));

    [TestCase("644", 0b110_100_100)]
    [TestCase("0600", 0b110_000_000)]
    public void Modes_are_octal(string text, int mode) => Assert.That(FileModes.Parse(text).Value, Is.EqualTo((UnixFileMode)mode));

    [TestCase("rw-r--r--")]
    [TestCase("8")]
    [TestCase("77777")]
    public void What_is_no_mode_is_told(string text) => Assert.That(FileModes.Parse(text).Problem, Is.EqualTo($"'{text}' is no mode of a file"));
}
