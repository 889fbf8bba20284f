using LatentSync.Imaging;

namespace LatentSync.Pipeline.Analysis;

/// <summary>
/// The faces wherever people were chosen, and pictures of the first of them. It is told of a frame's faces before that frame is
/// handed on, maybe by another thread.
/// </summary>
internal sealed class FoundFaces
{
    private const int MostPlaces = 1000;
    private const int MostPictures = 16;
    private const int LongestSide = 64;

    private readonly List<LipSyncFaces> _places = [];
    private readonly List<LipSyncFacePicture> _pictures = [];
    private readonly Queue<LipSyncFaces> _unseen = [];
    private readonly Lock _gate = new();

    /// <summary>The faces.</summary>
    public IReadOnlyList<LipSyncFaces> Places => _places;

    /// <summary>The pictures.</summary>
    public IReadOnlyList<LipSyncFacePicture> Pictures => _pictures;

    /// <summary>Faces of a frame that is still to come.</summary>
    public void Add(LipSyncFaces faces)
    {
        lock (_gate)
        {
            if (_places.Count < MostPlaces)
            {
                _places.Add(faces);
                _unseen.Enqueue(faces);
            }
        }
    }

    /// <summary>A frame of the video; those on the first pass come in their order.</summary>
    public void Look(RgbImage frame, int index)
    {
        lock (_gate)
        {
            while (_pictures.Count < MostPictures && _unseen.TryPeek(out var faces) && faces.Frame <= index)
            {
                _unseen.Dequeue();
                if (faces.Frame == index)
                {
                    _pictures.AddRange(
                        faces.Faces.Select(face => Picture(frame, index, face)).OfType<LipSyncFacePicture>().Take(MostPictures - _pictures.Count)
                    );
                }
            }
        }
    }

    /// <summary>Null for a face outside of the frame.</summary>
    private static LipSyncFacePicture? Picture(RgbImage frame, int index, LipSyncFace face)
    {
        var (left, top) = ((int)Math.Clamp(face.Left, 0, frame.Width), (int)Math.Clamp(face.Top, 0, frame.Height));
        var (width, height) = ((int)Math.Clamp(face.Right, 0, frame.Width) - left, (int)Math.Clamp(face.Bottom, 0, frame.Height) - top);
        if (width < 1 || height < 1)
        {
            return null;
        }

        var crop = new RgbImage(width, height);
        for (var y = 0; y < height; y++)
        {
            frame.Row(top + y).Slice(left * RgbImage.Channels, width * RgbImage.Channels).CopyTo(crop.Row(y));
        }

        var small = SmallPicture.Of(crop, LongestSide);
        return new LipSyncFacePicture(index, face, small.Width, small.Height, small.Pixels);
    }
}
