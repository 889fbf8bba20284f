using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace LatentSync.Server.Telemetry;

/// <summary>
/// Keeps what <see cref="QueueReader"/> read for some seconds, so that many who ask cost one look. A database that does not answer
/// delays nobody: first there is what was read last, then nothing, which a monitor notices.
/// </summary>
internal sealed partial class QueueWatch(QueueReader reader, ILogger<QueueWatch> logger, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Oldest = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Task<QueueReading?>? _reading;
    private QueueReading? _last;
    private DateTimeOffset _lastAt;
    private DateTimeOffset _askedAt;

    /// <summary>The newest reading; null while there is none of the last minute.</summary>
    public QueueReading? Now()
    {
        lock (_gate)
        {
            // One that is under way is waited for again, and not begun beside itself.
            if (time.GetUtcNow() - _askedAt >= Interval)
            {
                _reading ??= Task.Run(ReadAsync);
                if (_reading.Wait(Longest))
                {
                    (_last, _lastAt) = _reading.Result is { } read ? (read, time.GetUtcNow()) : (_last, _lastAt);
                    _reading = null;
                }

                _askedAt = time.GetUtcNow();
            }

            return time.GetUtcNow() - _lastAt < Oldest ? _last : null;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "It is read again when somebody asks again; what is missing meanwhile is the message.")]
    private async Task<QueueReading?> ReadAsync()
    {
        try
        {
            return await reader.ReadAsync(CancellationToken.None);
        }
        catch (Exception error)
        {
            LogFault(error.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The queue could not be read for /metrics: {Reason}")]
    private partial void LogFault(string reason);
}
