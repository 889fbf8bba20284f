using LatentSync.Imaging;

namespace LatentSync.Faces.Cuts;

/// <summary>
/// Tells the first frame of a shot, frame by frame and without looking ahead. A cut makes most of the picture new at
/// once; a flash, a fade or a lamp changes only the light; a pan changes as much as it did in the frames before.
/// A dissolve is not a cut: no frame of it is.
/// </summary>
/// <param name="framesPerModelFrame">Frames of the video in 1/25 s; 1 at least.</param>
internal sealed class SceneCutDetector(double framesPerModelFrame = 1)
{
    // A person who leaves or covers a part of the picture changes less.
    private const double LowestShare = 0.38;

    // A cut stands out from the movement before it by this much.
    private const double MovementFactor = 2;
    private const double HighestShare = 0.9;

    // What comes back within these frames, at 25 per second, was only hidden, by a flash or a hand. Also the memory for the
    // movement.
    private const int ModelMemory = 5;

    // A black or white frame has nothing to compare.
    private const double LowestContrast = 8;

    private readonly CellPicture[] _pictures = [.. Enumerable.Range(0, Memory(framesPerModelFrame) + 1).Select(_ => new CellPicture())];
    private readonly Queue<double> _movement = [];
    private int _count;

    /// <summary>Whether a new shot begins with this frame; never with the first one.</summary>
    public bool IsCut(RgbImage frame)
    {
        var picture = _pictures[_count % _pictures.Length];
        picture.Read(frame);
        if (picture.Contrast < LowestContrast)
        {
            return false;
        }

        var share = 1.0;
        for (var back = 1; back <= Math.Min(_count, _pictures.Length - 1); back++)
        {
            var change = CellChange.Share(_pictures[(_count - back) % _pictures.Length], picture);
            share = Math.Min(share, change);
            if (back == 1 && change < LowestShare)
            {
                break;
            }
        }

        var isCut = _count > 0 && share >= Threshold();
        _count++;
        if (_movement.Count == _pictures.Length - 1)
        {
            _movement.Dequeue();
        }

        // With a cut's own share: where what looked like a cut was the start of a fast pan, it stays the only one.
        _movement.Enqueue(share);
        return isCut;
    }

    private static int Memory(double framesPerModelFrame) => (int)Math.Round(ModelMemory * framesPerModelFrame);

    private double Threshold() => _movement.Count == 0 ? LowestShare : Math.Clamp(_movement.Average() * MovementFactor, LowestShare, HighestShare);
}
