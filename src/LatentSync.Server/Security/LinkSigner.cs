using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LatentSync.Server.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Security;

/// <summary>
/// Links that work without a key until they expire: HMAC-SHA256 over path, time of expiry and what else has to be as it was.
/// The key is made at the first start and kept in the data folder; deleting its file and starting again ends all links.
/// </summary>
internal sealed class LinkSigner(IOptions<ServerSettings> settings, TimeProvider time)
{
    private const string FileName = "link-key";
    private const string ExpiresName = "expires";
    private const string SignatureName = "signature";
    private const int KeyBytes = 32;

    private readonly Lazy<byte[]> _key = new(() =>
        Convert.FromHexString(
            settings.Value.LinkKey
                ?? SecretFile.ReadOrCreate(Path.Combine(settings.Value.Data, FileName), () =>
                    Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes))
                )
        )
    );

    /// <summary>A path with time and signature.</summary>
    /// <param name="path">From the root of the server, escaped as in an address; it names what the link is for.</param>
    /// <param name="lifetime">How long the link works.</param>
    /// <param name="about">What else has to be the same when it is used.</param>
    public string Sign(string path, TimeSpan lifetime, string about = "")
    {
        var expires = (time.GetUtcNow() + lifetime).ToUnixTimeSeconds();
        return Invariant($"{path}?{ExpiresName}={expires}&{SignatureName}={Base64Url.EncodeToString(Signature(path, expires, about))}");
    }

    /// <summary>Whether a request came by a link of this server that has not expired.</summary>
    public bool IsValid(HttpRequest request, string about = "")
    {
        var (expires, signature) = (request.Query[ExpiresName].ToString(), request.Query[SignatureName].ToString());
        if (
            !long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var until)
            || signature.Length > 2 * SHA256.HashSizeInBytes
            || !Base64Url.IsValid(signature)
        )
        {
            return false;
        }

        var isSigned = CryptographicOperations.FixedTimeEquals(Base64Url.DecodeFromChars(signature), Signature(request.Path.ToUriComponent(), until, about));
        return isSigned && time.GetUtcNow().ToUnixTimeSeconds() < until;
    }

    private byte[] Signature(string path, long expires, string about) =>
        HMACSHA256.HashData(_key.Value, Encoding.UTF8.GetBytes(Invariant($"{path}\n{expires}\n{about}")));
}
