using System.Text.Json.Nodes;
using LatentSync.Server.Data;
using LatentSync.Server.Media;
using LatentSync.Server.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Engines;

/// <summary>The engine of one device: started when there is work, kept with its model while there is, started again when it is lost.</summary>
internal sealed class EngineSlot(string device, EngineCommand command, MediaStore media, IOptions<ServerSettings> settings, ILogger<EngineSlot> logger)
    : IAsyncDisposable
{
    private EngineProcess? _engine;

    /// <summary>What it runs on.</summary>
    public string Device => device;

    /// <summary>The process, if there is one.</summary>
    public int? ProcessId => _engine is { IsAlive: true } engine ? engine.ProcessId : null;

    /// <summary>The model of the last job, which an engine that lives has loaded; null for none.</summary>
    public string? Model
    {
        get => ProcessId is null ? null : field;
        private set;
    }

    /// <summary>Version of the engine that ran last.</summary>
    public string? Version { get; private set; }

    /// <summary>Runs one piece of work of a job.</summary>
    /// <param name="type">Such as <c>sync_segment</c>.</param>
    /// <param name="files">Its files.</param>
    /// <param name="members">What belongs to this kind of work.</param>
    /// <param name="told">Called with each event but the last.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The <c>result</c> event.</returns>
    /// <exception cref="EngineException">It failed.</exception>
    public async Task<JsonObject> RunAsync(string type, WorkFiles files, JsonObject members, Action<JsonObject> told, CancellationToken cancellationToken)
    {
        members["video"] = files.Video;
        members["audio"] = files.Audio;
        members["output"] = files.Output;
        members["analysis"] = files.Analysis;
        members["settings"] = Settings(files.Job);
        Model = (string?)members["settings"]!["model"];
        return await RunAsync(type, members, told, cancellationToken);
    }

    /// <summary>Measures how well the lips of a result follow its sound.</summary>
    /// <returns>The <c>result</c> event.</returns>
    /// <exception cref="EngineException">It failed.</exception>
    public Task<JsonObject> ScoreAsync(WorkFiles files, CancellationToken cancellationToken) =>
        RunAsync("score", new JsonObject { ["video"] = files.Video }, _ => { }, cancellationToken);

    private async Task<JsonObject> RunAsync(string type, JsonObject message, Action<JsonObject> told, CancellationToken cancellationToken)
    {
        message["type"] = type;
        message["keep_model"] = true;
        var engine = await GetAsync(cancellationToken);
        try
        {
            return await engine.RunAsync(message, told, cancellationToken);
        }
        finally
        {
            if (!engine.IsAlive)
            {
                await DisposeAsync();
            }
        }
    }

    /// <summary>Ends the engine.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_engine is { } engine)
        {
            _engine = null;
            await engine.DisposeAsync();
        }
    }

    private async Task<EngineProcess> GetAsync(CancellationToken cancellationToken)
    {
        // An engine that had nothing to do ends by itself, which frees its memory.
        if (_engine is { IsAlive: false })
        {
            await DisposeAsync();
        }

        if (_engine is null)
        {
            var folder = media.Temporary(device);
            _engine = await EngineProcess.StartAsync(
                command.Create(folder),
                settings.Value.EngineSilence,
                settings.Value.EngineIdle,
                logger,
                cancellationToken
            );
            Version = _engine.Version;
        }

        return _engine;
    }

    private JsonObject Settings(Job job)
    {
        var options = (JsonObject)JsonNode.Parse(job.Options)!;
        options["device"] = device;
        options["model"] ??= settings.Value.Model;
        if (settings.Value.Vram is { } limit)
        {
            options["vram"] = limit;
        }

        return options;
    }
}
