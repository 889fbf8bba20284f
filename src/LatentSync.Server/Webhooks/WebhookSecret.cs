using System.Security.Cryptography;
using LatentSync.Server.Security;
using LatentSync.Server.Settings;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Webhooks;

/// <summary>Signs webhooks: the one of the settings, or one that is made at the first start and kept in the data folder.</summary>
internal sealed class WebhookSecret(IOptions<ServerSettings> settings)
{
    private const string Prefix = "whsec_";
    private const string FileName = "webhook-secret";
    private const int Bytes = 32;

    private readonly Lazy<string> _value = new(() =>
        settings.Value.WebhookSecret
        ?? SecretFile.ReadOrCreate(Path.Combine(settings.Value.Data, FileName), () => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes)))
    );

    /// <summary><c>whsec_</c> and base64.</summary>
    public string Value => _value.Value;
}
