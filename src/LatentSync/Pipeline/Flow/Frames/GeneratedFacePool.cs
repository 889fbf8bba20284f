using System.Collections.Concurrent;
using LatentSync.Imaging;

namespace LatentSync.Pipeline.Flow.Frames;

/// <summary>
/// Generated faces that are used again: 3 MB each at 512 pixels, which as garbage would double the memory of a job. One by
/// one, not by clips, because a clip may be as short as one frame. Thread-safe. Its size follows from how many faces are
/// under way at once.
/// </summary>
internal sealed class GeneratedFacePool(int resolution)
{
    private readonly ConcurrentBag<GeneratedFace> _free = [];
    private int _created;

    /// <summary>Faces made so far.</summary>
    public int Created => _created;

    /// <summary>A face with whatever pixels it last had, and one user.</summary>
    public GeneratedFace Rent()
    {
        if (!_free.TryTake(out var face))
        {
            Interlocked.Increment(ref _created);
            face = new GeneratedFace(this, checked(RgbImage.Channels * resolution * resolution));
        }

        return face.Share();
    }

    /// <summary>Takes back a face without users.</summary>
    public void Return(GeneratedFace face) => _free.Add(face);
}
