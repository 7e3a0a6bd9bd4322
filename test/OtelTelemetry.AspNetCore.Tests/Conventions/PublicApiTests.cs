using Microsoft.AspNetCore.Builder;
using OtelTelemetry.Tests.Conventions;

namespace OtelTelemetry.AspNetCore.Tests.Conventions;

/// <summary>
/// The public surface grows only on purpose: it must be what the approved text says. When a change is meant, run the tests with
/// UPDATE_PUBLIC_API=1 and commit the new text with it, so that reviewers see what users will.
/// </summary>
public class PublicApiTests
{
    [Test]
    public void The_package_for_ASP_NET_Core_is_as_approved() => PublicApiText.Check(typeof(TelemetryWebApplicationBuilderExtensions).Assembly);

    [Test]
    public void The_text_shows_what_users_call()
    {
        var text = PublicApiText.Of(typeof(TelemetryWebApplicationBuilderExtensions).Assembly);
        Assert.That(text, Does.Contain("MapPepperTelemetry(IEndpointRouteBuilder endpoints)"));
        Assert.That(text, Does.Not.Contain("ServerSpanObserver"));
    }
}
