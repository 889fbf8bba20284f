using LatentSync.Jobs;

namespace LatentSync.Pipeline.Segments;

/// <summary>What an analysis file tells in words; the lists of frames follow it as bytes.</summary>
internal sealed record AnalysisHeader
{
    /// <inheritdoc cref="StoredAnalysis.Job"/>
    public required JobDescription Job { get; init; }

    /// <summary>The clock of all times.</summary>
    public required int TicksPerSecond { get; init; }

    /// <summary>Frames of the video that the result shows.</summary>
    public required int VideoFrames { get; init; }

    /// <inheritdoc cref="StoredAnalysis.HasEnded"/>
    public required bool HasEnded { get; init; }

    /// <inheritdoc cref="StoredAnalysis.Offset"/>
    public required long Offset { get; init; }

    /// <summary>Length of the plans.</summary>
    public required int PlanBytes { get; init; }

    /// <summary>Frames of each part of the result.</summary>
    public required IReadOnlyList<int> Segments { get; init; }

    /// <summary>When the last frame ends.</summary>
    public required long End { get; init; }

    /// <inheritdoc cref="StoredAnalysis.Samples"/>
    public required long Samples { get; init; }

    /// <inheritdoc cref="StoredAnalysis.ReferenceFrames"/>
    public required int? ReferenceFrames { get; init; }

    /// <inheritdoc cref="StoredAnalysis.Encoder"/>
    public required VideoEncoderKind Encoder { get; init; }

    /// <summary>Frames of the result by what is done to them, in the order of <see cref="Faces.Tracking.FrameFate"/>.</summary>
    public required IReadOnlyList<int> Counts { get; init; }

    /// <inheritdoc cref="StoredAnalysis.Cuts"/>
    public required int Cuts { get; init; }

    /// <summary>Faces that were smaller than a usable one.</summary>
    public required int SmallFaces { get; init; }

    /// <summary>Most faces that were not used are not upright.</summary>
    public required bool FacesAreTurned { get; init; }

    /// <inheritdoc cref="StoredAnalysis.VideoDamage"/>
    public required StoredDamage? VideoDamage { get; init; }

    /// <inheritdoc cref="StoredAnalysis.SoundDamage"/>
    public required StoredDamage? SoundDamage { get; init; }
}
