using Microsoft.Extensions.Logging;

namespace LatentSync.Backends;

/// <summary>What an engine writes to a log.</summary>
internal static class EngineLog
{
    private static readonly EventId NoticeEvent = new(1, "Notice");

    /// <summary>One sentence for a person. The state of the entry is the sentence, so that a host may say it in its own words.</summary>
    public static void Notice(ILogger logger, FormattableString sentence) =>
        logger.Log(LogLevel.Information, NoticeEvent, sentence, exception: null, static (said, _) => Invariant(said));
}
