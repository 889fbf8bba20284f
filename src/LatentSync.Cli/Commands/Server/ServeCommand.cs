using System.CommandLine;
using LatentSync.FrontEnd.Options;
using LatentSync.FrontEnd.Words;
using LatentSync.Page;
using LatentSync.Server;
using LatentSync.Server.Settings;
using Microsoft.Extensions.Configuration;

namespace LatentSync.Cli.Commands.Server;

/// <summary><c>latentsync serve</c>: jobs over HTTP; see docs/server.md.</summary>
internal sealed class ServeCommand : Command
{
    /// <summary>The longest grace time of its settings, and time to close.</summary>
    public static readonly TimeSpan LongestStop = TimeSpan.FromMinutes(15);

    private readonly PathOption _data = ServerOptionSet.Data();
    private readonly Option<string?> _listen = new("--listen")
    {
        Description = "Address to listen on; beyond this machine only with keys, see \"latentsync keys\" (default: http://127.0.0.1:8300).",
        HelpName = "address",
    };
    private readonly Option<string[]> _devices = new("--device")
    {
        Description = "What jobs run on, an engine each: auto, cpu, cuda:0; may be given more than once.",
        HelpName = "device",
    };
    private readonly Option<string?> _model = new("--models") { Description = "Name or folder of the model of jobs that name none.", HelpName = "name|folder" };
    private readonly Option<bool> _requireKey = new("--require-key") { Description = "Ask for a key on this machine too." };
    private readonly Option<bool> _allowUrls = new("--allow-urls") { Description = "Take https addresses as inputs." };

    private readonly Option<ServerRole?> _role = new("--role")
    {
        Description = "What this process does, where several share a database: all, api or worker; see docs/fleet.md (default: all).",
        HelpName = "role",
    };

    public ServeCommand()
        : base("serve", "Serve jobs over HTTP; see docs/server.md.")
    {
        Options.Add(_data);
        Options.Add(_listen);
        Options.Add(_role);
        Options.Add(_devices);
        Options.Add(_model);
        Options.Add(_requireKey);
        Options.Add(_allowUrls);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var configuration = ServerConfiguration.Read(ServerOptionSet.Folder(parsed, _data), Flags(parsed));
        await ServerHost.RunAsync(
            configuration,
            [.. ServerOptionSet.Parts(configuration), new PagePart()],
            addresses => Tell(addresses, configuration),
            cancellationToken
        );
        return 0;
    }

    private IEnumerable<KeyValuePair<string, string?>> Flags(ParseResult parsed)
    {
        if (parsed.GetValue(_listen) is { } listen)
        {
            yield return new(nameof(ServerSettings.Listen), listen);
        }

        if (parsed.GetValue(_role) is { } role)
        {
            yield return new(nameof(ServerSettings.Role), role.ToString());
        }

        foreach (var (index, device) in (parsed.GetValue(_devices) ?? []).Index())
        {
            yield return new(Invariant($"{nameof(ServerSettings.Devices)}:{index}"), device);
        }

        if (parsed.GetValue(_model) is { } model)
        {
            yield return new(nameof(ServerSettings.Model), Directory.Exists(model) ? Path.GetFullPath(model) : model);
        }

        if (parsed.GetValue(_requireKey))
        {
            yield return new(nameof(ServerSettings.RequireKey), bool.TrueString);
        }

        if (parsed.GetValue(_allowUrls))
        {
            yield return new(nameof(ServerSettings.AllowUrls), bool.TrueString);
        }
    }

    private static void Tell(IReadOnlyCollection<string> addresses, IConfiguration configuration)
    {
        var address = string.Join(", ", addresses);
        Console.Out.WriteLine(
            ServerConfiguration.RoleOf(configuration) == ServerRole.Worker
                ? CommandWords.Say($"Working; {address}, which has /readyz and /metrics, says how it is. Ctrl-C stops.")
                : CommandWords.Say(
                    $"Listening on {address}; open it in a browser. Its interface for programs is described at {addresses.First()}/docs. Ctrl-C stops."
                )
        );
        Console.Out.Flush();
    }
}
