using System.Net.Mail;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Alerts.Handlers.Email;

/// <summary>Sends groups of alerts by mail. Immutable.</summary>
public sealed record EmailAlertHandlerOptions : AlertHandlerOptions
{
    /// <summary>The mail server. Required.</summary>
    public string Host { get; init; } = "";

    /// <summary>The server's port for submission, 1 to 65535. Default: 587.</summary>
    public int Port { get; init; } = 587;

    /// <summary>Whether the connection is encrypted (STARTTLS); without it, nothing is sent to a server that cannot. Default: true.</summary>
    public bool StartTls { get; init; } = true;

    /// <summary>The user at the server. Default: none, there is no authentication.</summary>
    public string? Username { get; init; }

    /// <summary>The user's password. Never shown. Default: none.</summary>
    public string? Password { get; init; }

    /// <summary>The sender's address. Required.</summary>
    public string From { get; init; } = "";

    /// <summary>The receivers' addresses. At least one.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <inheritdoc/>
    public override AlertHandler Create(AlertHandlerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new EmailAlertHandler(new MailSender(this, context.Name), context);
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Property, string Problem, string Remedy)> CheckOwn()
    {
        if (string.IsNullOrWhiteSpace(Host)) yield return (nameof(Host), "it is not set", "Allowed: a mail server, such as smtp.example.com");
        if (Port is < 1 or > 65535) yield return (nameof(Port), $"{Port} is not a port", "Allowed: 1 to 65535");
        if (Username is null != Password is null) yield return (Username is null ? nameof(Username) : nameof(Password), "user name and password go together", "Allowed: both, or neither");
        if (!StartTls && Password is not null) yield return (nameof(StartTls), "the password would go over the network for everybody to read", "Allowed: true where there is a password");
        if (!MailAddress.TryCreate(From, out _)) yield return (nameof(From), From.Length == 0 ? "it is not set" : $"'{From}' is not a mail address", "Allowed: an address, such as shop@example.com");
        if (To.Count == 0) yield return (nameof(To), "there is nobody", "Allowed: addresses, such as operations@example.com");
        foreach (var to in To)
        {
            if (!MailAddress.TryCreate(to, out _)) yield return (nameof(To), $"'{to}' is not a mail address", "Allowed: addresses, such as operations@example.com");
        }
    }

    /// <summary>The settings without secrets.</summary>
    public override string ToString() => $"{nameof(EmailAlertHandlerOptions)} {Host}";

    internal static AlertHandlerOptions Read(SettingSection settings)
    {
        var options = new EmailAlertHandlerOptions();
        settings.Bind("Host", Parse.Text, value => options = options with { Host = value });
        settings.Bind("Port", Parse.Integer, value => options = options with { Port = value });
        settings.Bind("StartTls", Parse.Boolean, value => options = options with { StartTls = value });
        settings.Bind("Username", Parse.Text, value => options = options with { Username = value });
        settings.Bind("Password", Parse.Text, value => options = options with { Password = value });
        settings.Bind("From", Parse.Text, value => options = options with { From = value });
        settings.BindList("To", values => options = options with { To = values });
        return options;
    }
}
