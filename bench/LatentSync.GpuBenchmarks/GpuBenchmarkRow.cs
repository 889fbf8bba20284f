namespace LatentSync.GpuBenchmarks;

/// <summary>What was measured of one plan; times are medians in milliseconds of the device, sizes are bytes.</summary>
public sealed record GpuBenchmarkRow
{
    /// <summary>The plan.</summary>
    public required string Plan { get; init; }

    /// <summary>The budget, 0 for none.</summary>
    public required long Budget { get; init; }

    /// <summary>Two encodings of each frame.</summary>
    public required double EncodeMilliseconds { get; init; }

    /// <summary>All denoising steps.</summary>
    public required double DenoiseMilliseconds { get; init; }

    /// <summary>Decoding of each frame, and the composite.</summary>
    public required double DecodeMilliseconds { get; init; }

    /// <summary>Frames of a clip over the sum of its times.</summary>
    public required double FramesPerSecond { get; init; }

    /// <summary>10^12 floating-point operations per second over the sum of the times, of products, convolutions and attention.</summary>
    public required double TeraFlops { get; init; }

    /// <summary>The same for a product of large matrices, which is about as fast as the card can be.</summary>
    public required double LimitTeraFlops { get; init; }

    /// <summary>Memory of the program on the card, as predicted.</summary>
    public required long PredictedBytes { get; init; }

    /// <summary>Memory of the program on the card by NVML, at most.</summary>
    public required long MeasuredBytes { get; init; }

    /// <summary>The most of our own memory in use at once, as predicted.</summary>
    public required long PredictedArenaBytes { get; init; }

    /// <summary>The most of our own memory in use at once.</summary>
    public required long MeasuredArenaBytes { get; init; }

    /// <summary>Bytes of weights that are copied to the card at every full step.</summary>
    public required long StreamedBytes { get; init; }

    /// <summary>Seconds until the weights were on the card.</summary>
    public required double LoadSeconds { get; init; }

    /// <summary>Seconds of the first clip, on the device.</summary>
    public required double FirstClipSeconds { get; init; }

    /// <summary>Relative error (L2) of one full step against float32; null if it was not compared.</summary>
    public double? StepError { get; init; }

    /// <summary>PSNR in dB of the clip's faces against the first row's; null for the first.</summary>
    public double? PsnrToFirst { get; init; }

    /// <summary>PSNR in dB of the clip's faces against float32; null if they were not compared.</summary>
    public double? PsnrToFloat32 { get; init; }

    /// <summary>How much the program's memory on the card grew from the second clip to the last, in bytes.</summary>
    public required long DeviceGrowth { get; init; }

    /// <summary>How much the program's memory in the computer grew from the second clip to the last, in bytes.</summary>
    public required long HostGrowth { get; init; }

    /// <summary>Uses and milliseconds of each operation in one clip, the longest first; empty if not measured.</summary>
    public required IReadOnlyList<(string Operation, int Uses, double Milliseconds)> Profile { get; init; }
}
