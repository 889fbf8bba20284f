namespace LatentSync;

/// <summary>How well the lips of a video follow a sound.</summary>
public sealed record LipSyncScore
{
    /// <summary>Frames looked at, at 25 per second.</summary>
    public required int Frames { get; init; }

    /// <summary>Frames in which a face was found.</summary>
    public required int FramesWithFace { get; init; }

    /// <summary>By how many frames (40 ms each) the lips are late, at the best correlation; negative: early. Null if nothing correlates.</summary>
    public required int? OffsetFrames { get; init; }

    /// <summary>Correlation of mouth opening and loudness at the best offset, -1 to 1; null if the mouth or the sound never changes.</summary>
    public required double? Correlation { get; init; }

    /// <summary>The same at offset 0.</summary>
    public required double? CorrelationAtZero { get; init; }

    /// <summary>The best correlation less the median over all offsets: near 0 means that the best offset is chance.</summary>
    public required double? Confidence { get; init; }

    /// <summary>Share of the frames within silence in which the mouth is closed, 0 to 1; null if there is no silence.</summary>
    public required double? ClosedInSilence { get; init; }

    /// <summary>What SyncNet says; null if it was not asked.</summary>
    public SyncNetScore? SyncNet { get; init; }

    /// <summary>Mouth opening per frame: gap of the inner lips over the distance of the outer eye corners; NaN without a face.</summary>
    public required IReadOnlyList<double> Opening { get; init; }

    /// <summary>Loudness per frame: 0 silent (40 dB below the loudest frame or less) to 1 loudest.</summary>
    public required IReadOnlyList<double> Loudness { get; init; }
}
