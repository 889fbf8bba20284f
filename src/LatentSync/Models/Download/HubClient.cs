using System.Net;
using System.Net.Http.Headers;
using LatentSync.Models.Catalogue;

namespace LatentSync.Models.Download;

/// <summary>
/// Asks a Hugging Face hub for files. Redirects are followed here and not by <see cref="HttpClient"/>: the token goes to
/// the hub alone, never to the servers it sends us to.
/// </summary>
internal sealed class HubClient(HubSettings settings, TimeSpan patience) : IDisposable
{
    private const int MostRedirects = 10;

    // Far more than any model of this kind; a length beyond it is a mistake or malice.
    private const long LongestFile = 1L << 36;
    private const int Sha256Digits = 64;

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = patience,
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { UserAgent = { new ProductInfoHeaderValue("LatentSyncSharp", typeof(HubClient).Assembly.GetName().Version!.ToString(2)) } },
    };

    /// <summary>The hub's name, for messages.</summary>
    public string Host => settings.Endpoint.Host;

    /// <summary>Asks for length, tag and digest of a file.</summary>
    /// <exception cref="LipSyncException">The hub refuses, or does not say how long the file is.</exception>
    public async Task<RemoteFile> DescribeAsync(KnownFile file, CancellationToken cancellationToken)
    {
        using var head = await SendAsync(HttpMethod.Head, file, range: null, ifRange: null, stopAtMetadata: true, cancellationToken).ConfigureAwait(false);
        if (head.StatusCode is not (HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented))
        {
            return Read(head, file);
        }

        using var firstByte = await SendAsync(HttpMethod.Get, file, new ByteRange(0, 1), ifRange: null, stopAtMetadata: true, cancellationToken)
            .ConfigureAwait(false);
        return Read(firstByte, file);
    }

    /// <summary>Asks for bytes of a file; the answer's body is not read yet.</summary>
    /// <param name="file">The file.</param>
    /// <param name="remote">What was said about it; where the hub itself sends the bytes, only this state of it is taken.</param>
    /// <param name="range">The bytes; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<HttpResponseMessage> OpenAsync(KnownFile file, RemoteFile remote, ByteRange? range, CancellationToken cancellationToken)
    {
        var response = await SendAsync(HttpMethod.Get, file, range, range is null ? null : remote.ETag, stopAtMetadata: false, cancellationToken)
            .ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent)
        {
            return response;
        }

        using (response)
        {
            throw HubErrors.Refused(response.StatusCode, file, settings.Endpoint, settings.Token is not null);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        KnownFile file,
        ByteRange? range,
        string? ifRange,
        bool stopAtMetadata,
        CancellationToken cancellationToken
    )
    {
        var address = new Uri(settings.Endpoint, $"{file.Repository}/resolve/{KnownFile.Revision}/{file.RemotePath}");
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            using var request = CreateRequest(method, address, range, ifRange);
            var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || (stopAtMetadata && Header(response, "X-Linked-Size") is not null))
            {
                return response;
            }

            using (response)
            {
                var next = response.Headers.Location is { } location ? new Uri(address, location) : null;
                if (next is null || !(next.Scheme == Uri.UriSchemeHttps || (next.Scheme == Uri.UriSchemeHttp && address.Scheme == Uri.UriSchemeHttp)))
                {
                    throw HubErrors.Unusable(file, $"{address.Host} sends on to an address that is not safe");
                }

                address = next;
            }
        }

        throw HubErrors.Unusable(file, $"{address.Host} sends on without end");
    }

    private HttpRequestMessage CreateRequest(HttpMethod method, Uri address, ByteRange? range, string? ifRange)
    {
        var request = new HttpRequestMessage(method, address);
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (range is { } bytes)
        {
            request.Headers.Range = new RangeHeaderValue(bytes.Start, bytes.End - 1);
        }

        var isHub = Uri.Compare(address, settings.Endpoint, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
        if (isHub && settings.Token is not null && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", settings.Token);
        }

        // A tag means something only to the server that gave it.
        if (isHub && ifRange is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Range", $"\"{ifRange}\"");
        }

        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            if (status is not (408 or 429 or (>= 500 and not 501)))
            {
                return response;
            }

            using (response)
            {
                throw new TransientDownloadException($"it answered {status}", RetryAfter(response));
            }
        }
        catch (HttpRequestException error)
        {
            throw new TransientDownloadException($"{error.Message.TrimEnd('.')}", cause: error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientDownloadException($"it does not answer", cause: error);
        }
    }

    private RemoteFile Read(HttpResponseMessage response, KnownFile file)
    {
        if ((int)response.StatusCode >= 400)
        {
            throw HubErrors.Refused(response.StatusCode, file, settings.Endpoint, settings.Token is not null);
        }

        var linked = Header(response, "X-Linked-Size");
        var length = long.TryParse(linked, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? size
            : response.Content.Headers.ContentRange?.Length
                ?? (linked is null && response.StatusCode == HttpStatusCode.OK ? response.Content.Headers.ContentLength : null);
        var tag = (Header(response, "X-Linked-ETag") ?? Header(response, "ETag"))?.Replace("W/", string.Empty, StringComparison.Ordinal).Trim('"');
        if (length is not (>= 0 and <= LongestFile) || string.IsNullOrEmpty(tag))
        {
            throw HubErrors.Unusable(file, $"{Host} does not say how long it is and which state it has");
        }

        var isDigest = tag.Length == Sha256Digits && tag.All(char.IsAsciiHexDigit);
        return new RemoteFile(length.Value, tag, isDigest ? tag.ToLowerInvariant() : null, Header(response, "X-Repo-Commit"));
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date > TimeProvider.System.GetUtcNow() ? date - TimeProvider.System.GetUtcNow() : TimeSpan.Zero,
            _ => null,
        };

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
