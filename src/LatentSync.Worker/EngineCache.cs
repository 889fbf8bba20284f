using System.CommandLine;
using LatentSync.FrontEnd.Engines;
using LatentSync.FrontEnd.Words;

namespace LatentSync.Worker;

/// <summary>The engine for the jobs of a host.</summary>
internal sealed class EngineCache(ModelLocation models, Action<string> notice, Action<LipSyncMemory> memory) : IDisposable
{
    private readonly LoadedEngine _loaded = new(notice, memory);

    /// <summary>Loads an engine unless it is loaded; one job at a time.</summary>
    /// <exception cref="LipSyncException">There is no such model, or it cannot be loaded.</exception>
    public LipSyncEngine Get(JobOptions job, ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = job.Engine(parsed, models, out var choice);
        return _loaded.Get(options, choice, cancellationToken);
    }

    /// <summary>What the engine of a job would be loaded with.</summary>
    /// <exception cref="LipSyncException">There is no such model.</exception>
    public LipSyncEngineOptions Options(JobOptions job, ParseResult parsed)
    {
        var options = job.Engine(parsed, models, out var choice);
        if (choice is not null)
        {
            notice(CommandWords.Say(choice));
        }

        return options;
    }

    /// <summary>Frees the networks.</summary>
    public void Dispose() => _loaded.Dispose();
}
