namespace LatentSync.FleetLoad.Simulation;

/// <summary>What was measured, on which the plans stand: docs/scale.md has machines, dates and doubts.</summary>
internal static class Measured
{
    /// <summary>Frames a second of an H200, 512 px, 20 steps: bench/results/nvidia-h200/engine.md.</summary>
    public const double FramesPerSecond = 20.5;

    /// <summary>Seconds of a segment beside its frames: docs/segments.md, "about a second a segment".</summary>
    public const double SegmentOverhead = 1;

    /// <summary>Seconds of an analysis for a frame: 50 ms of a processor at 1080x1680, by docs/segments.md, on eight of them.</summary>
    public const double AnalyseFrame = 0.00625;

    /// <summary>Bytes a second of a join, by one processor: 88 MB copied in 0.56 s.</summary>
    public const double JoinRate = 150e6;

    /// <summary>Pieces a second of a database with eight processors: 7.5 ms of one for each, the middle of what was measured.</summary>
    public const double Pieces = 8 / 0.0075;

    /// <summary>Pieces a second of one job, whose row they lock: half of a piece and its ways there and back.</summary>
    public const double PiecesOfOneJob = 100;
}
