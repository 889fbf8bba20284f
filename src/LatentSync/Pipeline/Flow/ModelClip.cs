using LatentSync.Imaging;
using LatentSync.Pipeline.Flow.Frames;

namespace LatentSync.Pipeline.Flow;

/// <summary>
/// The frames of a clip as the result shows them and as the model sees them, which is 25 a second without a hole. Frames
/// that are nearest to the same frame of the model share its faces, which are made of the first of them. Where the result has
/// none for a frame of the model, that one is made of the nearest faces and thrown away. In all of them the same people are
/// painted.
/// </summary>
/// <param name="length">The most frames of the model.</param>
internal sealed class ModelClip(int length)
{
    /// <summary>The most frames of the model in a row that may have no frame of the result: those of 8 frames per second.</summary>
    public const int LongestHole = 2;

    // Frames of the result for one of the model's, on the average: those of 200 frames per second. A video may have any number.
    private const int MostFramesPerFace = 8;

    private readonly List<IReadOnlyList<RgbImage>> _faces = new(length);
    private readonly List<(AlignedFrame Frame, int Row)> _frames = [];

    /// <summary>The frames, each with the number of its faces among <see cref="Faces"/>.</summary>
    public IReadOnlyList<(AlignedFrame Frame, int Row)> Frames => _frames;

    /// <summary>For each of the model's frames the crop of each person; those that fill a hole are there more than once.</summary>
    public IReadOnlyList<IReadOnlyList<RgbImage>> Faces => _faces;

    /// <summary>Number of the first of the model's frames.</summary>
    public int FirstModelFrame { get; private set; }

    /// <summary>No other frame of the model fits in, or so many of the result are held that they take too much memory.</summary>
    public bool IsFull => _faces.Count >= length || _frames.Count >= MostFramesPerFace * length;

    /// <summary>Takes the next frame, which is painted, if it can belong to this clip.</summary>
    /// <returns>False if the clip must be finished first.</returns>
    public bool TryAdd(AlignedFrame frame)
    {
        if (_faces.Count == 0)
        {
            FirstModelFrame = frame.ModelFrame;
        }

        if (frame.Crops is [_, ..] faces)
        {
            var step = frame.ModelFrame - (FirstModelFrame + _faces.Count - 1);
            if (step > LongestHole + 1 || _faces.Count + step > length)
            {
                return false;
            }

            var before = _faces.Count > 0 ? _faces[^1] : faces;
            for (var hole = 1; hole < step; hole++)
            {
                _faces.Add(2 * hole <= step ? before : faces);
            }

            _faces.Add(faces);
        }

        _frames.Add((frame, _faces.Count - 1));
        return true;
    }

    /// <summary>Begins another clip.</summary>
    public void Clear()
    {
        _faces.Clear();
        _frames.Clear();
    }
}
