using System.CommandLine;
using System.Text.Json.Nodes;
using LatentSync.Cli.Reporting;
using LatentSync.Client;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Commands.Remote;

/// <summary><c>latentsync wait</c>: until a job of a server has ended; the exit code tells how.</summary>
internal sealed class WaitCommand : RemoteCommand
{
    private readonly Argument<string> _job = JobArgument();

    public WaitCommand()
        : base("wait", "Wait until a job of a server has ended.") => Arguments.Add(_job);

    protected override async Task<int> RunAsync(LatentSyncClient server, ParseResult parsed, bool json, CancellationToken cancellationToken)
    {
        var id = parsed.GetRequiredValue(_job);
        await foreach (var said in server.WatchAsync(id, cancellationToken))
        {
            Tell(said, json);
        }

        var job = await server.GetAsync(id, cancellationToken);
        return job.State switch
        {
            "succeeded" => 0,
            "failed" => throw new LipSyncException(LipSyncErrorCode.InferenceFailed, $"The job {id} failed: {job.Error?.Message}"),
            _ => throw new LipSyncException(LipSyncErrorCode.OutputFailed, $"The job {id} was cancelled; \"latentsync submit\" makes another."),
        };
    }

    private static void Tell(ServerJobEvent said, bool json)
    {
        if (json)
        {
            JsonLines.Write(
                new JsonObject
                {
                    ["event"] = said.Type,
                    ["state"] = said.State,
                    ["kind"] = said.Kind,
                    ["message"] = said.Message,
                    ["share"] = said.Share,
                    ["remaining_seconds"] = said.RemainingSeconds,
                }
            );
        }
        else if (said.Type == "state")
        {
            Console.Error.WriteLine(said.Message is null ? said.State : $"{said.State}: {said.Message}");
        }
        else if (said is { Stage: { } stage, Share: { } share })
        {
            Console.Error.WriteLine(CommandWords.Say($"{stage}: {100 * share:0} %"));
        }
    }
}
