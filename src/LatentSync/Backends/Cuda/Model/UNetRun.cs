using LatentSync.Backends.Cuda.Memory;

namespace LatentSync.Backends.Cuda.Model;

/// <summary>What one run of the UNet is about.</summary>
/// <param name="Clips">Clips that do not see each other, all of the same length.</param>
/// <param name="Frames">Frames of each clip.</param>
/// <param name="SilentClips">How many of them, the first ones, have no audio.</param>
/// <param name="Step">Number of the step in the prepared schedule.</param>
/// <param name="Audio">[frames of the clips with audio, tokens, width]; null if there are none.</param>
internal sealed record UNetRun(int Clips, int Frames, int SilentClips, int Step, DeviceTensor? Audio)
{
    /// <summary>Images of all clips.</summary>
    public int Images => Clips * Frames;

    /// <summary>Images without audio.</summary>
    public int SilentImages => SilentClips * Frames;
}
