using System.Security.Cryptography;
using System.Text;

namespace LatentSync.Server.Api.Dialects.SyncSo;

/// <summary>The signature that receivers of sync.so's webhooks check: <c>Sync-Signature: t=SECONDS,v1=HEX</c>, beside that of Standard Webhooks.</summary>
internal static class SyncSoSignature
{
    public const string Header = "Sync-Signature";

    /// <summary>HMAC-SHA256 over the time, a point and the body; its key is the secret as it is written.</summary>
    public static string Of(string secret, DateTimeOffset sent, string body)
    {
        var seconds = sent.ToUnixTimeSeconds();
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(Invariant($"{seconds}.{body}")));
        return Invariant($"t={seconds},v1={Convert.ToHexStringLower(signature)}");
    }
}
