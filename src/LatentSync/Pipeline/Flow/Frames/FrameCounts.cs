using LatentSync.Faces.Tracking;

namespace LatentSync.Pipeline.Flow.Frames;

/// <summary>Counts the frames of a result by what was done to them.</summary>
internal sealed class FrameCounts
{
    private readonly int[] _counts = new int[Enum.GetValues<FrameFate>().Length];

    /// <summary>Frames of one fate.</summary>
    public int this[FrameFate fate] => _counts[(int)fate];

    /// <summary>Frames whose mouth was painted.</summary>
    public int Painted => this[FrameFate.Synced] + this[FrameFate.Bridged];

    /// <summary>Counts a frame.</summary>
    public void Add(FrameFate fate, int count = 1) => _counts[(int)fate] += count;

    /// <summary>Counts other frames too.</summary>
    public void Add(FrameCounts others)
    {
        for (var fate = 0; fate < _counts.Length; fate++)
        {
            _counts[fate] += others._counts[fate];
        }
    }
}
