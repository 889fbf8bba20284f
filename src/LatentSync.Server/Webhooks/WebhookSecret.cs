using System.Security.Cryptography;
using LatentSync.Server.Settings;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Webhooks;

/// <summary>Signs webhooks: the one of the settings, or one that is made at the first start and kept in the data folder.</summary>
internal sealed class WebhookSecret(IOptions<ServerSettings> settings)
{
    private const string Prefix = "whsec_";
    private const string FileName = "webhook-secret";
    private const int Bytes = 32;

    private readonly Lazy<string> _value = new(() => settings.Value.WebhookSecret ?? ReadOrCreate(Path.Combine(settings.Value.Data, FileName)));

    /// <summary><c>whsec_</c> and base64.</summary>
    public string Value => _value.Value;

    private static string ReadOrCreate(string path)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var file = new StreamWriter(path, options);
            file.Write(Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes)));
        }
        catch (IOException) when (File.Exists(path))
        {
            // Made at an earlier start.
        }

        return File.ReadAllText(path).Trim();
    }
}
