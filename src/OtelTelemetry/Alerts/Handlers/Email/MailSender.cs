using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using OtelTelemetry.Delivery;
using OtelTelemetry.Delivery.Splitting;

namespace OtelTelemetry.Alerts.Handlers.Email;

/// <summary>Sends mails over SMTP, a connection each. Thread-safe.</summary>
internal sealed class MailSender(EmailAlertHandlerOptions options, string name) : IDeliverySender
{
    /// <summary>Not in a hurry: who tries a wrong password often is locked out.</summary>
    private static readonly TimeSpan s_afterWrongPassword = TimeSpan.FromMinutes(15);

    private string Server => $"{options.Host}:{options.Port}";

    public bool Knows(string route) => true;

    public string ServerOf(string route) => "smtp://" + Server;

    public IRequestSplitter? SplitterOf(string route) => null;

    public async Task<DeliveryOutcome> SendAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        try
        {
            using var mail = JsonDocument.Parse(item.Body);
            await SendAsync(mail.RootElement.GetProperty("subject").GetString()!, mail.RootElement.GetProperty("text").GetString()!, cancellationToken).ConfigureAwait(false);
            return DeliveryOutcome.Delivered();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (JsonException exception)
        {
            return DeliveryOutcome.Refused(DeliveryDropReasons.Rejected, exception.Message);
        }
        catch (SmtpException exception)
        {
            return Explain(exception);
        }
        catch (Exception exception)
        {
            return DeliveryOutcome.Failed($"mail server {Server}: {Hide(Innermost(exception).Message)}", isOutage: true);
        }
    }

    /// <exception cref="SmtpException">It was not sent.</exception>
    public async Task SendAsync(string subject, string text, CancellationToken cancellationToken)
    {
        using var mail = new MailMessage { From = new MailAddress(options.From), Subject = subject, SubjectEncoding = Encoding.UTF8, Body = text, BodyEncoding = Encoding.UTF8, IsBodyHtml = false };
        foreach (var to in options.To) mail.To.Add(new MailAddress(to));
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        using var client = new SmtpClient(options.Host, options.Port) { EnableSsl = options.StartTls, UseDefaultCredentials = false };
        if (options.Username is not null) client.Credentials = new NetworkCredential(options.Username, options.Password);
        await client.SendMailAsync(mail, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        // A connection each.
    }

    private DeliveryOutcome Explain(SmtpException exception)
    {
        var cause = Innermost(exception);
        var says = $"mail server {Server}: {Hide(exception.Message)}{(cause == exception ? "" : " " + Hide(cause.Message))}";
        var code = (int)exception.StatusCode;
        // 530, 534, 535, 538: authentication is missing, too weak, wrong or needs encryption (RFC 4954, section 6).
        if (code is 530 or 534 or 535 or 538 || exception.StatusCode == SmtpStatusCode.ClientNotPermitted || IsAboutAuthentication(exception.Message))
        {
            return DeliveryOutcome.Failed(
                $"{says}: it does not accept the user name and the password; correct Telemetry:Alerts:Handlers:{name}:Username and Password, or StartTls", s_afterWrongPassword);
        }

        if (exception is SmtpFailedRecipientException && code is >= 500 and < 600) return DeliveryOutcome.Refused(DeliveryDropReasons.Rejected, $"{says}: correct Telemetry:Alerts:Handlers:{name}:To");
        if (cause is SocketException or IOException) return DeliveryOutcome.Failed($"{says}: see whether it runs, and whether Host and Port are right", isOutage: true);
        return code is >= 500 and < 600 && exception is not SmtpFailedRecipientException && exception.StatusCode != SmtpStatusCode.TransactionFailed
            ? DeliveryOutcome.Refused(DeliveryDropReasons.Rejected, $"{says}: correct the settings of Telemetry:Alerts:Handlers:{name}")
            : DeliveryOutcome.Failed(says);
    }

    private static bool IsAboutAuthentication(string message) =>
        message.Contains("authentic", StringComparison.OrdinalIgnoreCase) || message.Contains("credentials", StringComparison.OrdinalIgnoreCase);

    private string Hide(string text) => options.Password is { Length: > 3 } password ? text.Replace(password, "(hidden)", StringComparison.Ordinal) : text;

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner) exception = inner;
        return exception;
    }
}
