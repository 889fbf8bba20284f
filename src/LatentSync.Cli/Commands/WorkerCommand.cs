using System.CommandLine;
using System.Diagnostics;
using LatentSync.FrontEnd.Engines;
using LatentSync.Worker;

namespace LatentSync.Cli.Commands;

/// <summary><c>latentsync worker</c>: jobs for another program, over standard input and output; see docs/worker-protocol.md.</summary>
internal sealed class WorkerCommand : Command
{
    public WorkerCommand()
        : base("worker", "Serve another program over standard input and output; see docs/worker-protocol.md.") => SetAction(RunAsync);

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        PipeCapacity.Enlarge();
        await using var input = Console.OpenStandardInput();
        await using var output = Console.OpenStandardOutput();

        // Standard output belongs to the protocol; whatever else would be written there is log.
        Console.SetOut(Console.Error);
        using var session = new WorkerSession(input, output, ModelLocation.OfThisProcess(), TimeProvider.System);
        try
        {
            return await session.RunAsync(cancellationToken);
        }
        finally
        {
            if (session.LeavesJob)
            {
                // An orderly end would take ONNX Runtime away under its own threads.
                Process.GetCurrentProcess().Kill();
            }
        }
    }
}
