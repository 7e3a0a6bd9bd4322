using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace OtelTelemetry.Exporters.CloudWatch;

/// <summary>Who the exporter is to AWS, and where: by the settings, or as AWS's SDK finds it. Asked for at the first export, because the
/// SDK may ask the machine it runs on. Thread-safe: two that ask at once may both ask the SDK.</summary>
internal sealed class AwsAccess
{
    private readonly Uri? _givenEndpoint;
    private AWSCredentials? _credentials;
    private string? _region;

    public AwsAccess(CloudWatchExporterOptions options)
    {
        _region = options.Region;
        _givenEndpoint = options.Endpoint;
        if (options is { AccessKeyId: { } id, SecretAccessKey: { } key })
        {
            _credentials = options.SessionToken is { Length: > 0 } token ? new SessionAWSCredentials(id, key, token) : new BasicAWSCredentials(id, key);
        }
    }

    /// <summary>The region, after <see cref="GetAsync"/>.</summary>
    public string Region => _region!;

    /// <summary>Where requests go, after <see cref="GetAsync"/>.</summary>
    public Uri Endpoint => _givenEndpoint ?? new Uri($"https://monitoring.{Region}.{RegionEndpoint.GetBySystemName(Region).PartitionDnsSuffix}/");

    /// <summary>The credentials of this moment: temporary ones change.</summary>
    /// <exception cref="AmazonClientException">There are none.</exception>
    public async Task<ImmutableCredentials> GetAsync()
    {
        try
        {
            _region ??= FallbackRegionFactory.GetRegionEndpoint()?.SystemName ?? throw new AmazonClientException("no region is set, and AWS's SDK finds none");
            _credentials ??= await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync().ConfigureAwait(false);
            return await _credentials.GetCredentialsAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not (AmazonClientException or OperationCanceledException))
        {
            // A role is asked for over the network, a profile read from a file: each has exceptions of its own.
            throw new AmazonClientException(exception.Message, exception);
        }
    }
}
