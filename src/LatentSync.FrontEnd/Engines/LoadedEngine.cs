using LatentSync.FrontEnd.Words;

namespace LatentSync.FrontEnd.Engines;

/// <summary>The engine of the last job, for the next one that wants the same; one job at a time.</summary>
/// <param name="notice">Told what the engine has to say.</param>
/// <param name="memory">Told of the card's memory; null for nobody.</param>
internal sealed class LoadedEngine(Action<string> notice, Action<LipSyncMemory>? memory = null) : IDisposable
{
    private readonly NoticeLogger _logger = new(notice);
    private LipSyncEngineOptions? _options;
    private LipSyncEngine? _engine;

    /// <summary>Loads an engine unless it is loaded.</summary>
    /// <param name="options">What it is loaded with; the notices go where those of this object go.</param>
    /// <param name="choice">One line for the user before it is loaded; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LipSyncException">It cannot be loaded.</exception>
    public LipSyncEngine Get(LipSyncEngineOptions options, FormattableString? choice, CancellationToken cancellationToken)
    {
        options = options with { Logger = _logger, MemoryRead = memory };
        if (_engine is null || _options is null || !EngineOptions.AreEqual(_options, options))
        {
            Dispose();
            if (choice is not null)
            {
                notice(CommandWords.Say(choice));
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
