using System.Diagnostics;
using System.Text.Json.Nodes;

namespace LatentSync.Server.Engines;

/// <summary>
/// What an engine takes of its card, as it tells while it works; without a card what its process takes of the main memory. Nothing
/// here has a timer: readings come with what the engine says, and when somebody looks.
/// </summary>
internal sealed class EngineMemory(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly MemoryHistory _history = new();
    private CardMemory? _card;
    private long _lastSample;

    /// <summary>The card; null without one, or before its engine has told of it.</summary>
    public CardMemory? Card => Volatile.Read(ref _card);

    /// <summary>What the process took when it was looked at last; null if it is not there, or its card counts.</summary>
    public long? ProcessBytes { get; private set; }

    /// <summary>The last minutes, the oldest reading first.</summary>
    public IReadOnlyList<MemoryPoint> History => _history.Since(time.GetUtcNow() - Window);

    /// <summary>The engine told of its card.</summary>
    public void Hear(JsonObject said)
    {
        var card = new CardMemory(
            (string?)said["device"] ?? string.Empty,
            (long?)said["total_bytes"] ?? 0,
            (long?)said["used_bytes"] ?? 0,
            (long?)said["free_bytes"] ?? 0,
            (long?)said["process_bytes"],
            (int?)said["utilization"],
            (int?)said["temperature"],
            time.GetUtcNow()
        );
        if (Card?.Device != card.Device)
        {
            _history.Clear();
        }

        Volatile.Write(ref _card, card);
        ProcessBytes = null;
        _history.Add(new MemoryPoint(card.At, card.UsedBytes, card.ProcessBytes));
    }

    /// <summary>Looks at the process, unless its card counts or that was a moment ago.</summary>
    /// <param name="processId">The engine; null if none runs.</param>
    public void Look(int? processId)
    {
        if (Card is not null)
        {
            return;
        }

        if (processId is not { } id)
        {
            ProcessBytes = null;
            return;
        }

        var last = Interlocked.Read(ref _lastSample);
        var now = time.GetTimestamp();
        if ((last == 0 || time.GetElapsedTime(last, now) >= Interval) && Interlocked.CompareExchange(ref _lastSample, now, last) == last)
        {
            ProcessBytes = WorkingSet(id);
            if (ProcessBytes is { } bytes)
            {
                _history.Add(new MemoryPoint(time.GetUtcNow(), bytes, bytes));
            }
        }
    }

    private static long? WorkingSet(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return process.WorkingSet64;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            // It has just ended.
            return null;
        }
    }
}
