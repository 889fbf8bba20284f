using System.Text.Json.Nodes;
using LatentSync.FrontEnd.Engines;
using LatentSync.Server.Jobs;
using LatentSync.Server.Media;
using LatentSync.Server.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Engines;

/// <summary>The engine of one device: started when there is work, kept with its model while there is, started again when it is lost.</summary>
internal sealed class EngineSlot(
    string device,
    EngineCommand command,
    MediaStore media,
    ModelLibrary library,
    IOptions<ServerSettings> settings,
    ILogger<EngineSlot> logger,
    TimeProvider time
) : IAsyncDisposable
{
    private const string SegmentType = "sync_segment";

    private readonly EngineMemory _memory = new(time);
    private EngineProcess? _engine;
    private EngineStage? _stage;
    private string? _model;

    /// <summary>What it runs on.</summary>
    public string Device => device;

    /// <summary>The process, if there is one.</summary>
    public int? ProcessId => _engine is { IsAlive: true } engine ? engine.ProcessId : null;

    /// <summary>Version of the engine that ran last.</summary>
    public string? Version { get; private set; }

    /// <summary>Versions of the programs that a result depends on; null before an engine ran.</summary>
    public string? ResultVersion { get; private set; }

    /// <summary>Name or folder of the model that the process keeps; null for none.</summary>
    public string? Model => ProcessId is null ? null : Volatile.Read(ref _model);

    /// <summary>How far the work in hand is; null for none.</summary>
    public EngineStage? Stage => Volatile.Read(ref _stage);

    /// <summary>What it takes of its card, or of the main memory.</summary>
    public EngineMemory Memory => _memory;

    /// <summary>Name of the model of jobs that name none; null where nothing tells which.</summary>
    public string? DefaultModel => ModelName(settings.Value.Model) is { } name and not NamedModel.Any ? name : null;

    /// <summary>Starts the engine, unless it runs.</summary>
    /// <exception cref="EngineException">It cannot be started.</exception>
    public Task PrepareAsync(CancellationToken cancellationToken) => GetAsync(cancellationToken);

    /// <summary>Somebody looks: reads what can be read between two words of the engine.</summary>
    public void Look() => _memory.Look(ProcessId);

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
        members["settings"] = Settings(files);
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
        if (engine.TellsMemory)
        {
            message["memory"] = true;
        }

        if (type == SegmentType)
        {
            Volatile.Write(ref _model, ModelName((string?)message["settings"]?["model"]));
        }

        try
        {
            return await engine.RunAsync(message, Hear, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _stage, null);
            if (!engine.IsAlive)
            {
                await DisposeAsync();
            }
        }

        void Hear(JsonObject said)
        {
            switch ((string?)said["event"])
            {
                case "progress":
                    var stage = new EngineStage((string?)said["stage"] ?? string.Empty, (double?)said["done"] ?? 0, (double?)said["total"] ?? 0);
                    Volatile.Write(ref _stage, stage);
                    break;
                case "memory":
                    _memory.Hear(said);
                    break;
                default:
                    break;
            }

            _memory.Look(engine.ProcessId);
            told(said);
        }
    }

    /// <summary>Ends the engine.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_engine is { } engine)
        {
            _engine = null;
            Volatile.Write(ref _model, null);
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
            (Version, ResultVersion) = (_engine.Version, $"{_engine.Version}, ffmpeg {await FfmpegVersion.ReadAsync(cancellationToken)}");
        }

        return _engine;
    }

    /// <summary>What people call a model that a job or the settings named; where they left it to the engine, which it takes.</summary>
    private string? ModelName(string? named)
    {
        if (named is not (null or NamedModel.Any))
        {
            return Path.GetFileName(Path.TrimEndingDirectorySeparator(named));
        }

        try
        {
            var choice = new ModelLocation(library, Environment.GetEnvironmentVariable, media.Temporary(device)).Choose(given: null);
            return Path.GetFileName(Path.TrimEndingDirectorySeparator(choice.Folder));
        }
        catch (LipSyncException)
        {
            // The engine tells it, as the failure of the job.
            return named;
        }
    }

    private JsonObject Settings(WorkFiles files)
    {
        var options = (JsonObject)JsonNode.Parse(files.Job.Options)!;
        if (files.Picture is { } picture)
        {
            FacePicture.Replace(options, picture);
        }

        options["device"] = device;
        if (options["model"] is null)
        {
            // A job stays with the model it was analysed with, whatever this machine would choose. Its own may be a folder.
            options["model"] = files.Job.Model is { } model && model != DefaultModel ? model : settings.Value.Model;
        }

        if (settings.Value.Vram is { } limit)
        {
            options["vram"] = limit;
        }

        if (settings.Value.Precision is { } precision)
        {
            options["precision"] = precision.ToString().ToLowerInvariant();
        }

        return options;
    }
}
