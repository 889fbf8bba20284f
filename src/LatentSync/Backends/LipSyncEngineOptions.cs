using LatentSync.Backends;
using Microsoft.Extensions.Logging;

namespace LatentSync;

/// <summary>What an engine is loaded with.</summary>
public sealed record LipSyncEngineOptions
{
    /// <summary>
    /// Folder with <c>latentsync_unet.pt</c>, <c>whisper/tiny.pt</c> (or small.pt) and the VAE in <c>vae/</c> or
    /// <c>sd-vae-ft-mse/</c>; a <c>config.yaml</c> in it is used.
    /// </summary>
    public required string ModelFolder { get; init; }

    /// <summary>Width and height of the aligned face in pixels, a multiple of 64; null takes what the model files tell.</summary>
    public int? Resolution { get; init; }

    /// <summary>What the networks run on; the default is an NVIDIA card if there is one that can be used, else the CPU.</summary>
    public LipSyncDevice Device { get; init; } = LipSyncDevice.Auto;

    /// <summary>
    /// Memory of the card in GiB that the whole program may take; null takes what is free. It changes how the networks run,
    /// and so the time, not the result.
    /// </summary>
    public double? VramBudget { get; init; }

    /// <summary>
    /// The numbers in which the networks compute on a card; the default is float16. It changes the result a little, so that a job
    /// does not resume with another.
    /// </summary>
    public DevicePrecision Precision { get; init; }

    /// <summary>How often the memory and load of a card are read while the engine is open: above zero, default 2 seconds.</summary>
    public TimeSpan MonitorInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Levels in GiB of this program's memory on the card at which <see cref="Logger"/> is told, each once; null is 15 and 18.
    /// It is told at 85 and 95 % of the card as well.
    /// </summary>
    public IReadOnlyList<double>? MemoryWarnings { get; init; }

    /// <summary>
    /// Told each reading of a card's memory and load: at every <see cref="MonitorInterval"/> while the engine is open, before the
    /// first clip and after each job. Called from a timer's thread: it must neither throw nor wait for the engine.
    /// </summary>
    public Action<LipSyncMemory>? MemoryRead { get; init; }

    /// <summary>
    /// Told one sentence about each choice the engine makes by itself: device, memory plan, steps down, memory warnings; and
    /// about pictures that a result could not simply follow. All are of the level Information, and the state of each entry is
    /// a <see cref="FormattableString"/> as in <see cref="LipSyncException.Sentence"/>.
    /// </summary>
    public ILogger? Logger { get; init; }

    /// <summary>
    /// Folder with <c>det_10g.onnx</c> and <c>2d106det.onnx</c> of InsightFace's buffalo_l, to find faces as the public
    /// implementation does; null uses the built-in networks. InsightFace's models are for non-commercial use only.
    /// </summary>
    public string? InsightFaceFolder { get; init; }

    /// <summary>How long a part of a result is at least; null for the usual. For tests: jobs of seconds with several parts.</summary>
    internal TimeSpan? SegmentDuration { get; init; }

    /// <summary>Writes a sentence to <see cref="Logger"/>; null if there is none.</summary>
    internal Action<FormattableString>? Notice => Logger is { } logger ? sentence => EngineLog.Notice(logger, sentence) : null;
}
