using LatentSync.Media.Formats;
using LatentSync.Timeline;

namespace LatentSync.Media.Write;

/// <summary>What to write, and where.</summary>
internal sealed record VideoWriteOptions
{
    /// <summary>The file to write: .mp4, .mov or .mkv.</summary>
    public required string Path { get; init; }

    /// <summary>Columns of the frames and of the result.</summary>
    public required int Width { get; init; }

    /// <summary>Rows of the frames and of the result.</summary>
    public required int Height { get; init; }

    /// <summary>The clock of the frames' times.</summary>
    public required FrameClock Clock { get; init; }

    /// <summary>The colour tags of the source, which the result gets too; untagged stays untagged.</summary>
    public ColorTags Color { get; init; } = ColorTags.None;

    /// <summary>How the source stores its pictures, which the result follows.</summary>
    public PictureFormat SourceFormat { get; init; } = PictureFormat.Common;

    /// <summary>Where the source's colour samples lie between the pixels, in ffmpeg's names; null if it does not say.</summary>
    public string? ChromaLocation { get; init; }

    /// <summary>Width : height of one pixel of the upright picture.</summary>
    public Rational SampleAspectRatio { get; init; } = new(1, 1);

    /// <summary>Encoder settings. At its default an untouched area keeps 45.8 dB against the frames given.</summary>
    public VideoEncoding Encoding { get; init; } = new();

    /// <summary>
    /// The file whose sound the result gets: as it is where the container takes its codec, else as AAC. It is
    /// cut where the pictures end and never lengthens them. Null: no sound.
    /// </summary>
    public string? SoundPath { get; init; }

    /// <summary>Its track, from 1; null for the default one.</summary>
    public int? SoundTrack { get; init; }

    /// <summary>Files that are being read and must not be written to.</summary>
    public IReadOnlyList<string> InputPaths { get; init; } = [];

    /// <summary>Replace a file that exists.</summary>
    public bool Overwrite { get; init; }
}
