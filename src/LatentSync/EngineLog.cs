using Microsoft.Extensions.Logging;

namespace LatentSync;

/// <summary>What an engine writes to a log.</summary>
internal static partial class EngineLog
{
    /// <summary>One sentence for a person.</summary>
    [LoggerMessage(EventId = 1, EventName = "Notice", Level = LogLevel.Information, Message = "{Sentence}")]
    public static partial void Notice(ILogger logger, string sentence);
}
