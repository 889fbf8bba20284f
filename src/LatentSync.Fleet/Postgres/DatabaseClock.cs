using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using LatentSync.Server.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LatentSync.Fleet.Postgres;

/// <summary>
/// The database's time, by which all processes compare leases, pauses and expiry: that of a machine may be minutes off. It is
/// asked for every few seconds; in between this machine's monotonic clock counts on, which nobody sets.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source of the cancellation has no timer and no link, so nothing to free.")]
internal sealed partial class DatabaseClock(IOptions<ServerSettings> settings, ILogger<DatabaseClock> logger) : TimeProvider, IHostedService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OutageInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestOutage = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private Reading _reading = new(System.GetUtcNow(), Stopwatch.GetTimestamp());
    private Task _reads = Task.CompletedTask;

    public override DateTimeOffset GetUtcNow()
    {
        var reading = Volatile.Read(ref _reading);
        return reading.Time + Stopwatch.GetElapsedTime(reading.Timestamp);
    }

    /// <summary>Asks once, so that nothing begins with another time, and goes on.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await ReadAsync(cancellationToken);
                break;
            }
            catch (NpgsqlException error) when (Stopwatch.GetElapsedTime(start) < LongestOutage)
            {
                LogFault(error.Message);
                await Task.Delay(OutageInterval, cancellationToken);
            }
        }

        _reads = RunAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _reads;
    }

    [SuppressMessage("Design", "CA1031", Justification = "It is asked again; meanwhile the clock counts on.")]
    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Interval, _stop.Token);
                await ReadAsync(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                LogFault(error.Message);
            }
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(PostgresConnection.Of(settings));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT clock_timestamp()", connection);
        var before = Stopwatch.GetTimestamp();
        var time = (DateTime)(await command.ExecuteScalarAsync(cancellationToken))!;

        // The answer is as old as half of the way there and back.
        var way = Stopwatch.GetElapsedTime(before);
        Volatile.Write(ref _reading, new Reading(new DateTimeOffset(time.ToUniversalTime()) + (way / 2), Stopwatch.GetTimestamp()));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database did not say what time it is: {Reason}")]
    private partial void LogFault(string reason);

    private sealed record Reading(DateTimeOffset Time, long Timestamp);
}
