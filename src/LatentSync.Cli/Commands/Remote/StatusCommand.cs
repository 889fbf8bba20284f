using System.CommandLine;
using LatentSync.Cli.Reporting;
using LatentSync.Client;

namespace LatentSync.Cli.Commands.Remote;

/// <summary><c>latentsync status</c>: where a job of a server is; without one, the newest.</summary>
internal sealed class StatusCommand : RemoteCommand
{
    private const int Newest = 20;

    private readonly Argument<string?> _job = new("job") { Description = "Id of the job; without it the newest jobs.", DefaultValueFactory = _ => null };

    public StatusCommand()
        : base("status", "Say where a job of a server is.") => Arguments.Add(_job);

    protected override async Task<int> RunAsync(LatentSyncClient server, ParseResult parsed, bool json, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_job) is { } id)
        {
            Tell(await server.GetAsync(id, cancellationToken), json);
            return 0;
        }

        await foreach (var job in server.ListAsync(cancellationToken: cancellationToken).Take(Newest))
        {
            Tell(job, json);
        }

        return 0;
    }

    private static void Tell(ServerJob job, bool json)
    {
        if (json)
        {
            JsonLines.Write(JobLines.Event(job));
        }
        else
        {
            Console.Out.WriteLine(JobLines.Line(job));
        }
    }
}
