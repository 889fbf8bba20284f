using System.Diagnostics.Metrics;
using LatentSync.Server.Jobs;
using LatentSync.Server.Settings;
using LatentSync.Server.Work;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Telemetry;

/// <summary>
/// Gauges of <see cref="ServerMetrics"/>. Those of the queue are of the whole server, and any process for clients has them all; a
/// process that only works has those of its cards.
/// </summary>
internal sealed class JobGauges(QueueWatch queue, WorkerPool workers, ServerMetrics metrics, IOptions<ServerSettings> settings)
{
    /// <summary>From now on the gauges are there.</summary>
    public void Start()
    {
        if (settings.Value.Role != ServerRole.Worker)
        {
            ObserveQueue();
        }

        if (settings.Value.Role != ServerRole.Api)
        {
            metrics.Observe("latentsync.device.used", "By", "Memory of the card that all programs hold, as its engine told of it last.", () =>
                Cards(worker => worker.Card!.UsedBytes)
            );
            metrics.Observe("latentsync.device.size", "By", "Memory that the card has.", () => Cards(worker => worker.Card!.TotalBytes));
        }
    }

    private void ObserveQueue()
    {
        metrics.Observe("latentsync.jobs", "{job}", "Jobs by state.", () =>
            Read<long>(reading => reading.Jobs.Select(count => Measured(count.Value, "state", Names.Of(count.Key))))
        );
        metrics.Observe("latentsync.queue.age", "s", "How long the oldest job that waits has waited.", () =>
            Read<double>(reading => [new Measurement<double>(reading.Age.TotalSeconds)])
        );
        metrics.Observe("latentsync.queue.seconds", "s", "How long one worker would take for all that waits: an estimate.", () =>
            Read<double>(reading => [new Measurement<double>(reading.Seconds)])
        );
        metrics.Observe("latentsync.queue.pieces", "{piece}", "Pieces of work, waiting and running.", () =>
            Read<long>(reading => [Measured(reading.Waiting, "state", "waiting"), Measured(reading.Running, "state", "running")])
        );
        metrics.Observe("latentsync.workers", "{worker}", "Workers of all processes, busy and idle.", () =>
            Read<long>(reading => [Measured(reading.Busy, "state", "busy"), Measured(reading.Idle, "state", "idle")])
        );
    }

    private IEnumerable<Measurement<T>> Read<T>(Func<QueueReading, IEnumerable<Measurement<T>>> read)
        where T : struct => queue.Now() is { } reading ? read(reading) : [];

    private IEnumerable<Measurement<long>> Cards(Func<WorkerView, long> read) =>
        workers
            .Workers.Where(worker => worker.Card is not null)
            .Select(worker => new Measurement<long>(read(worker), Tag("device", worker.Device), Tag("card", worker.CardName ?? worker.Device)));

    private static Measurement<long> Measured(long value, string name, string tag) => new(value, Tag(name, tag));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
