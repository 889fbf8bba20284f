using System.CommandLine;
using LatentSync.Client;
using LatentSync.FrontEnd.Options;

namespace LatentSync.Cli.Commands.Remote;

/// <summary><c>latentsync fetch</c>: the result of a job of a server, compared with its digest.</summary>
internal sealed class FetchCommand : RemoteCommand
{
    private readonly Argument<string> _job = JobArgument();
    private readonly PathOption _output = new("--out")
    {
        Description = "Where the result goes.",
        Required = true,
        HelpName = "file",
    };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace the file if it exists." };

    public FetchCommand()
        : base("fetch", "Fetch the result of a job of a server.")
    {
        Arguments.Add(_job);
        Options.Add(_output);
        Options.Add(_overwrite);
    }

    protected override async Task<int> RunAsync(LatentSyncClient server, ParseResult parsed, bool json, CancellationToken cancellationToken)
    {
        var path = parsed.GetRequiredValue(_output)!;
        if (File.Exists(path) && !parsed.GetValue(_overwrite))
        {
            throw new LipSyncException(LipSyncErrorCode.OutputFailed, $"\"{path}\" exists; name another file, or allow it to be replaced with --overwrite.")
            {
                Path = path,
            };
        }

        try
        {
            await server.DownloadAsync(parsed.GetRequiredValue(_job), path, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LipSyncException(LipSyncErrorCode.OutputFailed, $"The result cannot be written to \"{path}\": {error.Message}", error) { Path = path };
        }

        Console.Out.WriteLine(path);
        return 0;
    }
}
