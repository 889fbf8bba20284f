using System.CommandLine;
using LatentSync.FrontEnd.Options;
using LatentSync.FrontEnd.Words;
using LatentSync.Server;
using LatentSync.Server.Security;
using LatentSync.Server.Settings;

namespace LatentSync.Cli.Commands.Server;

/// <summary><c>latentsync keys</c>: who may use the server; also while it runs.</summary>
internal sealed class KeysCommand : Command
{
    private readonly PathOption _data = ServerOptionSet.Data();

    public KeysCommand()
        : base("keys", "Make, list and revoke keys of the server.")
    {
        var name = new Argument<string>("name") { Description = "Whose key, for the list." };
        var scopes = new Option<string[]>("--scope")
        {
            Description = "What it may do: submit, read, admin; may be given more than once (default: submit and read).",
            HelpName = "scope",
        };
        var add = new Command("add", "Make a key and print it once.") { name, scopes, _data };
        add.SetAction((parsed, stop) => RunAsync(parsed, keys => AddAsync(keys, parsed.GetRequiredValue(name), parsed.GetValue(scopes), stop), stop));
        var list = new Command("list", "List the keys.") { _data };
        list.SetAction((parsed, stop) => RunAsync(parsed, keys => ListAsync(keys, stop), stop));
        var id = new Argument<string>("id") { Description = "The key's id, as the list has it." };
        var revoke = new Command("revoke", "Make a key useless within seconds.") { id, _data };
        revoke.SetAction((parsed, stop) => RunAsync(parsed, keys => RevokeAsync(keys, parsed.GetRequiredValue(id), stop), stop));
        Subcommands.Add(add);
        Subcommands.Add(list);
        Subcommands.Add(revoke);
    }

    private Task<int> RunAsync(ParseResult parsed, Func<KeyService, Task> run, CancellationToken cancellationToken)
    {
        var configuration = ServerConfiguration.Read(ServerOptionSet.Folder(parsed, _data), []);
        return ServerKeys.RunAsync(configuration, ServerOptionSet.Parts(configuration), run, cancellationToken);
    }

    private static async Task AddAsync(KeyService keys, string name, string[]? scopes, CancellationToken cancellationToken)
    {
        var (_, text) = await keys.AddAsync(
            name,
            scopes is { Length: > 0 } ? scopes : [Scopes.Submit, Scopes.Read],
            KeyAuthentication.Local,
            cancellationToken
        );
        Console.Out.WriteLine(text);
        Console.Error.WriteLine(CommandWords.Say($"Keep this key now; it cannot be shown again."));
    }

    private static async Task ListAsync(KeyService keys, CancellationToken cancellationToken)
    {
        foreach (var key in await keys.ListAsync(cancellationToken))
        {
            var state = key.RevokedAt is { } revoked ? CommandWords.Say($", revoked {revoked:yyyy-MM-dd}") : string.Empty;
            Console.Out.WriteLine(Invariant($"{key.Id}  {key.Name} ({key.Scopes}), {key.CreatedAt:yyyy-MM-dd}{state}"));
        }
    }

    private static async Task RevokeAsync(KeyService keys, string id, CancellationToken cancellationToken)
    {
        if (!await keys.RevokeAsync(id, KeyAuthentication.Local, cancellationToken))
        {
            throw new LipSyncException(LipSyncErrorCode.InvalidOptions, $"There is no key \"{id}\" that works; \"latentsync keys list\" lists them.");
        }
    }
}
