namespace LatentSync.FleetLoad.Simulation;

/// <summary>A fleet as the simulation knows it. Seconds, bytes, frames.</summary>
internal sealed record FleetModel
{
    /// <summary>Workers, one for each card.</summary>
    public required int Workers { get; init; }

    /// <summary>Frames a second of a card while it generates.</summary>
    public required double FramesPerSecond { get; init; }

    /// <summary>Frames of a segment.</summary>
    public int SegmentFrames { get; init; } = 250;

    /// <summary>What a segment takes beside its frames: programs that start, a seek, the network's first steps.</summary>
    public required double SegmentOverhead { get; init; }

    /// <summary>Analysis, a frame; the worker does nothing else meanwhile.</summary>
    public required double AnalyseFrame { get; init; }

    /// <summary>Joining, a byte of the result, without fetching and keeping it.</summary>
    public required double JoinByte { get; init; }

    /// <summary>Database: what a piece of work takes of it, taken and completed. The inverse is the most pieces a second.</summary>
    public required double DatabasePiece { get; init; }

    /// <summary>Database: how long a piece locks the row of its job. The inverse is the most pieces a second of one job.</summary>
    public required double JobLock { get; init; }

    /// <summary>Database: share of it that is taken by what does not depend on pieces: leases, workers that say what they do, looks.</summary>
    public double DatabaseIdle { get; init; }

    /// <summary>Storage: bytes a second in all.</summary>
    public required double StorageRate { get; init; }

    /// <summary>Storage: bytes a second to or from one worker.</summary>
    public required double WorkerRate { get; init; }

    /// <summary>Bytes of an input for a second of its video.</summary>
    public required double InputSecond { get; init; }

    /// <summary>Bytes of a segment for a second of the result.</summary>
    public required double ResultSecond { get; init; }

    /// <summary>Inputs that a worker keeps copies of.</summary>
    public int KeptInputs { get; init; } = 30;

    /// <summary>Share of an input that a worker fetches for a segment: all of it now.</summary>
    public double InputShare { get; init; } = 1;

    /// <summary>
    /// How many workers a job has at most while others wait; they stay with it, so that its input is fetched as often. No limit now.
    /// </summary>
    public int WorkersOfAJob { get; init; } = int.MaxValue;

    /// <summary>Processors that all processes share, where the whole fleet is on one machine; zero where each has its own.</summary>
    public double SharedProcessors { get; init; }

    /// <summary>Processor time of a piece on those.</summary>
    public double ProcessorPiece { get; init; }
}
