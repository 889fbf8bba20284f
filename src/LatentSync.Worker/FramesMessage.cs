namespace LatentSync.Worker;

/// <summary>A job whose frames and sound come through the pipe.</summary>
internal sealed record FramesMessage : SyncMessage
{
    private const int MostFrames = 10_000_000;
    private const int MostSamples = 1 << 28;

    /// <summary>Pixels per row.</summary>
    public required int Width { get; set; }

    /// <summary>Rows.</summary>
    public required int Height { get; set; }

    /// <summary>Frames the host can be asked for.</summary>
    public required int Frames { get; set; }

    /// <summary>Frames per second of them and of the result, such as <c>25</c>, <c>23.976</c> or <c>30000/1001</c>.</summary>
    public string Fps { get; set; } = "25";

    /// <summary>Samples of the sound, one channel; they follow as messages of type A.</summary>
    public required int Samples { get; set; }

    /// <summary>Samples per second.</summary>
    public required int SampleRate { get; set; }

    /// <summary>Whether a mask comes before each painted frame.</summary>
    public bool Masks { get; set; }

    /// <summary>Whether the host is told of the faces where people are chosen.</summary>
    public bool Faces { get; set; }

    /// <summary>Bytes of a frame.</summary>
    public int FrameLength => Width * Height * 3;

    /// <summary>The same as a fraction.</summary>
    /// <exception cref="LipSyncException">The text is none.</exception>
    public FrameRate Rate =>
        FrameRate.TryParse(Fps, out var rate)
            ? rate
            : throw new LipSyncException(
                LipSyncErrorCode.InvalidInput,
                $"The frame rate fps is {Fps}; it must be from 1 to 120 frames per second (such as 25, 29.97 or 30000/1001)."
            );

    /// <summary>Refuses sizes for which no memory would be enough.</summary>
    /// <exception cref="LipSyncException">A number is out of range.</exception>
    public void ThrowIfInvalid()
    {
        Require(nameof(Width), Width, LipSyncFramesRequest.LongestSide);
        Require(nameof(Height), Height, LipSyncFramesRequest.LongestSide);
        Require(nameof(Frames), Frames, MostFrames);
        Require(nameof(Samples), Samples, MostSamples);
    }

    private static void Require(string name, int value, int most)
    {
        if (value < 1 || value > most)
        {
            throw new LipSyncException(LipSyncErrorCode.InvalidInput, $"The number of {name.ToLowerInvariant()} is {value}; it must be from 1 to {most}.");
        }
    }
}
