using System.CommandLine;
using LatentSync.FrontEnd.Options;

namespace LatentSync.Worker;

/// <summary>A job whose inputs are files, or a part of one.</summary>
internal abstract class InputsJob(InputsMessage message, MessageWriter writer, string? language) : WorkerJob(writer, language)
{
    /// <summary>How to do it.</summary>
    protected JobOptions Options { get; } = new(message.Settings, new JobCommand());

    /// <summary>Reads the options.</summary>
    /// <param name="overwrite">Whether the result may be replaced.</param>
    /// <exception cref="LipSyncException">InvalidOptions with one line for each mistake.</exception>
    protected (LipSyncRequest Request, ParseResult Parsed) Read(bool overwrite)
    {
        var parsed = Options.Parse(
            KeyValuePair.Create("video", message.Video),
            KeyValuePair.Create("audio", message.Audio),
            KeyValuePair.Create("out", message.Output),
            KeyValuePair.Create("overwrite", overwrite ? "true" : "false")
        );
        return (Options.Request(parsed) with { Preview = preview => Writer.Write(WorkerEvents.Preview(preview)) }, parsed);
    }
}
