using System.Net;

namespace LatentSync.Server.Settings;

/// <summary>Where the server listens.</summary>
/// <param name="EndPoint">Address and port.</param>
/// <param name="IsLoopback">Whether only this machine reaches it.</param>
internal sealed record ListenAddress(IPEndPoint EndPoint, bool IsLoopback)
{
    private const string AnyHost = "*";
    private const string LocalHost = "localhost";

    /// <summary>Reads such as <c>http://127.0.0.1:8300</c>; <c>*</c> is every address. TLS is for a proxy before it.</summary>
    /// <exception cref="LipSyncException">InvalidOptions.</exception>
    public static ListenAddress Parse(string text)
    {
        var isAny = text.Contains("://" + AnyHost, StringComparison.Ordinal);
        var plain = isAny ? text.Replace("://" + AnyHost, "://0.0.0.0", StringComparison.Ordinal) : text;
        if (
            Uri.TryCreate(plain.Trim(), UriKind.Absolute, out var address)
            && address.Scheme == Uri.UriSchemeHttp
            && address.PathAndQuery == "/"
            && (
                address.Host == LocalHost ? IPAddress.Loopback
                : IPAddress.TryParse(address.Host.Trim('[', ']'), out var parsed) ? parsed
                : null
            )
                is { } ip
        )
        {
            return new ListenAddress(new IPEndPoint(isAny ? IPAddress.IPv6Any : ip, address.Port), IPAddress.IsLoopback(ip));
        }

        throw new LipSyncException(
            LipSyncErrorCode.InvalidOptions,
            $"\"{text}\" is no address to listen on; write http://127.0.0.1:8300, or http://*:8300 for all addresses of this machine."
        );
    }
}
