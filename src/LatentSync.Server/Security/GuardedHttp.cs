using System.Net;
using System.Net.Sockets;
using LatentSync.Server.Settings;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Security;

/// <summary>
/// Requests to addresses that clients name. The address is checked when the connection is made, after the name was looked up,
/// and the connection goes to that very address: a name that changes its address in between gains nothing. Redirects are not followed.
/// </summary>
internal sealed class GuardedHttp(IOptions<ServerSettings> settings) : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private HttpClient? _client;

    /// <summary>The client; it keeps no cookies and uses no proxy of the environment.</summary>
    public HttpClient Client =>
        _client ??= new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                AutomaticDecompression = DecompressionMethods.None,
                ConnectTimeout = ConnectTimeout,
                ConnectCallback = ConnectAsync,
                PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };

    /// <summary>An address that a client may name.</summary>
    /// <param name="text">What the client wrote.</param>
    /// <param name="isHttpAllowed">Whether http is enough; otherwise https.</param>
    public static Uri? Parse(string text, bool isHttpAllowed) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || (isHttpAllowed && address.Scheme == Uri.UriSchemeHttp))
        && address.UserInfo.Length == 0
        && address.Host.Length > 0
            ? address
            : null;

    public void Dispose() => _client?.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        var allowed = settings.Value.AllowPrivateAddresses ? addresses : Array.FindAll(addresses, PublicAddresses.Contains);
        if (allowed.Length == 0)
        {
            throw new HttpRequestException($"\"{context.DnsEndPoint.Host}\" is no address of the open internet; requests go to no private networks.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
