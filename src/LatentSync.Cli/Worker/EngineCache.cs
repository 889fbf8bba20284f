using System.CommandLine;
using LatentSync.Cli.Commands;

namespace LatentSync.Cli.Worker;

/// <summary>The engine of the last job, for the next one that wants the same.</summary>
internal sealed class EngineCache(ModelLocation models, Action<string> notice) : IDisposable
{
    private LipSyncEngineOptions? _options;
    private LipSyncEngine? _engine;

    /// <summary>Loads an engine unless it is loaded; one job at a time.</summary>
    /// <exception cref="LipSyncException">There is no such model, or it cannot be loaded.</exception>
    public LipSyncEngine Get(JobOptions job, ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = job.Engine(parsed, models, out var choice) with { Notice = notice };
        if (_engine is null || _options is null || !EngineOptions.AreEqual(_options, options))
        {
            Dispose();
            if (choice is not null)
            {
                notice(choice);
            }

            _engine = LipSyncEngine.Load(options, cancellationToken);
            _options = options;
        }

        return _engine;
    }

    /// <summary>Frees the networks.</summary>
    public void Dispose()
    {
        _engine?.Dispose();
        _engine = null;
    }
}
