using LatentSync.ServerTests.Support;
using LatentSync.TestKit;

namespace LatentSync.ServerTests.Clients;

/// <summary>A server that asks for keys, for clients of other services.</summary>
public class ClientFixture : IAsyncLifetime
{
    private const string WebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment = [];

    private ServerProgram? _server;

    /// <summary>More settings of the server.</summary>
    protected virtual IEnumerable<KeyValuePair<string, string>> Settings => [];

    public async ValueTask InitializeAsync()
    {
        var data = _folder.File("data");
        _environment["KEY"] = await AddKeyAsync(data, "client");
        _environment["ADMIN_KEY"] = await AddKeyAsync(data, "admin", "--scope", "admin");
        _environment["WEBHOOK_SECRET"] = WebhookSecret;
        var settings = new Dictionary<string, string>(Settings)
        {
            ["Devices:0"] = "cpu",
            ["Devices:1"] = "auto",
            ["EngineSilence"] = "00:00:03",
            ["MinFreeBytes"] = "0",
            ["AllowPrivateAddresses"] = "true",
            ["WebhookSecret"] = WebhookSecret,
        };
        _server = await ServerProgram.StartAsync(data, settings, arguments: ["--require-key"]);
        _environment["SERVER"] = _server.Address.ToString().TrimEnd('/');
        foreach (var (name, value) in Settings)
        {
            _environment[name == "PublicUrl" ? "PUBLIC_URL" : name] = value;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs a case of a script against the server.</summary>
    internal Task RunAsync(string script, string name) => NpmClients.RunAsync(script, name, _environment);

    private static async Task<string> AddKeyAsync(string data, string name, params string[] more)
    {
        var (code, output, error) = await ServerProgram.RunAsync(["keys", "add", name, "--data", data, .. more]);
        Assert.True(code == 0, error);
        return output.Trim();
    }
}
