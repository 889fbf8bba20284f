using LatentSync.Media.Write;

namespace LatentSync;

/// <summary>One video to lip-sync.</summary>
public sealed record LipSyncRequest
{
    /// <summary>Path of the video with the speaking face, in any format ffmpeg reads; or of a picture: png, jpg or webp.</summary>
    public required string Video { get; init; }

    /// <summary>Path of the sound the lips follow; a sound file or a video with sound.</summary>
    public required string Audio { get; init; }

    /// <summary>Path of the result: .mp4, .mov or .mkv. It appears when it is complete, never before.</summary>
    public required string Output { get; init; }

    /// <summary>Replaces a file that exists at <see cref="Output"/>; otherwise that is an error.</summary>
    public bool Overwrite { get; init; }

    /// <summary>
    /// Throws away what an unfinished job of the same <see cref="Output"/> has kept. Otherwise the job resumes there, and it
    /// is an error if it was started with other options.
    /// </summary>
    public bool Restart { get; init; }

    /// <summary>
    /// Given a small picture about once a second: of the first frame of the source when it has been looked at, on the thread
    /// that reads, then of the result, on the thread that writes; null for none.
    /// </summary>
    public Action<LipSyncPreview>? Preview { get; init; }

    /// <summary>How to do it.</summary>
    public LipSyncFileOptions Options { get; init; } = new();

    /// <summary>All that can be seen to be wrong without opening the files; empty if nothing is.</summary>
    public IReadOnlyList<OptionMistake> Validate()
    {
        var mistakes = new List<OptionMistake>(Options.Validate());
        if (Output.Length > 0 && OutputContainer.Mistake(Output) is { } mistake)
        {
            mistakes.Add(new OptionMistake(nameof(Output), Output, mistake));
        }

        return mistakes;
    }

    /// <summary>Throws one exception with all mistakes.</summary>
    internal void ThrowIfInvalid()
    {
        if (Validate() is { Count: > 0 } mistakes)
        {
            throw OptionMistake.Refuse(LipSyncErrorCode.InvalidOptions, mistakes);
        }
    }
}
