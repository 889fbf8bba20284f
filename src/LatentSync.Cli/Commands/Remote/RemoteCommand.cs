using System.CommandLine;
using System.Net;
using LatentSync.Client;
using LatentSync.FrontEnd.Options;

namespace LatentSync.Cli.Commands.Remote;

/// <summary>A command that speaks to a server of <c>latentsync serve</c>.</summary>
internal abstract class RemoteCommand : Command
{
    private const string ServerVariable = "LATENTSYNC_SERVER_URL";
    private const string KeyVariable = "LATENTSYNC_KEY";
    private const string DefaultServer = "http://127.0.0.1:8300";

    private readonly Option<string?> _server = new("--server")
    {
        Description = "Address of the server (default: LATENTSYNC_SERVER_URL, else http://127.0.0.1:8300).",
        HelpName = "url",
    };
    private readonly Option<string?> _key = new("--key") { Description = "Key of the server (default: LATENTSYNC_KEY).", HelpName = "key" };
    private readonly Option<bool> _json = CommonOptions.Json();

    protected RemoteCommand(string name, string description)
        : base(name, description)
    {
        Options.Add(_server);
        Options.Add(_key);
        Options.Add(_json);
        SetAction(ConnectAsync);
    }

    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(LatentSyncClient server, ParseResult parsed, bool json, CancellationToken cancellationToken);

    /// <summary>The argument of commands about one job.</summary>
    protected static Argument<string> JobArgument() => new("job") { Description = "Id of the job, as \"latentsync submit\" prints it." };

    private async Task<int> ConnectAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var text = parsed.GetValue(_server) ?? Environment.GetEnvironmentVariable(ServerVariable) ?? DefaultServer;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new LipSyncException(LipSyncErrorCode.InvalidOptions, $"\"{text}\" is no address of a server; write such as {DefaultServer}.");
        }

        using var server = new LatentSyncClient(address, parsed.GetValue(_key) ?? Environment.GetEnvironmentVariable(KeyVariable));
        try
        {
            return await RunAsync(server, parsed, parsed.GetValue(_json), cancellationToken);
        }
        catch (LatentSyncServerException error)
        {
            throw new LipSyncException(Code(error.Status), $"The server at {address} refused: {error.Message}", error);
        }
        catch (HttpRequestException error)
        {
            throw new LipSyncException(
                LipSyncErrorCode.DownloadFailed,
                $"The server at {address} cannot be reached: {error.Message} Start it with \"latentsync serve\", or name another with --server.",
                error
            );
        }
    }

    private static LipSyncErrorCode Code(HttpStatusCode status) =>
        status is >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests ? LipSyncErrorCode.DownloadFailed : LipSyncErrorCode.InvalidOptions;
}
