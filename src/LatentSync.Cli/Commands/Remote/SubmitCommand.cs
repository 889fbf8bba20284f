using System.CommandLine;
using LatentSync.Cli.Reporting;
using LatentSync.Client;
using LatentSync.FrontEnd.Options;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Cli.Commands.Remote;

/// <summary><c>latentsync submit</c>: uploads both files and submits a job, with the options of <c>sync</c>.</summary>
internal sealed class SubmitCommand : RemoteCommand
{
    private const string ModelName = "model";

    private readonly JobCommand _sync = new();
    private readonly Option<string?> _model = new("--model") { Description = "Name of a model of the server.", HelpName = "name" };

    public SubmitCommand()
        : base("submit", "Submit a job to a server; prints its id.")
    {
        foreach (var option in (IEnumerable<Option>)[_sync.Video, _sync.Audio, _model, .. _sync.OptionsOfAnyMachine])
        {
            Options.Add(option);
        }
    }

    protected override async Task<int> RunAsync(LatentSyncClient server, ParseResult parsed, bool json, CancellationToken cancellationToken)
    {
        var options = Given(parsed);
        var video = await UploadAsync(server, parsed.GetRequiredValue(_sync.Video)!, cancellationToken);
        var audio = await UploadAsync(server, parsed.GetRequiredValue(_sync.Audio)!, cancellationToken);
        var job = await server.SubmitAsync(
            new ServerJobRequest
            {
                Video = video,
                Audio = audio,
                Options = options,
            },
            cancellationToken
        );
        if (json)
        {
            JsonLines.Write(JobLines.Event(job));
        }
        else
        {
            Console.Out.WriteLine(job.Id);
            Console.Error.WriteLine(
                CommandWords.Say($"Wait for it with \"latentsync wait {job.Id}\", fetch it with \"latentsync fetch {job.Id} --out result.mp4\".")
            );
        }

        return 0;
    }

    /// <summary>What was said, as it was said: the server has the defaults.</summary>
    private Dictionary<string, string> Given(ParseResult parsed)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in _sync.OptionsOfAnyMachine)
        {
            if (parsed.GetResult(option) is { Implicit: false } result)
            {
                given[NamedOptions.NameOf(option).Replace('-', '_')] = result.Tokens.Count > 0 ? result.Tokens[0].Value : "true";
            }
        }

        if (parsed.GetValue(_model) is { } model)
        {
            given[ModelName] = model;
        }

        return given;
    }

    private static async Task<string> UploadAsync(LatentSyncClient server, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await server.UploadAsync(path, progress: null, cancellationToken);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new LipSyncException(LipSyncErrorCode.InvalidInput, $"\"{path}\" cannot be read: {error.Message}", error) { Path = path };
        }
    }
}
