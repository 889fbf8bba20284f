using System.Buffers.Binary;
using LatentSync.Faces.Tracking;
using LatentSync.Imaging;

namespace LatentSync.Pipeline.Segments;

/// <summary>
/// The plans of a video's frames as bytes, of which each is read when it is asked for: what a file can make this program
/// hold is not more than the file.
/// </summary>
internal sealed class StoredPlans
{
    /// <summary>The most people whom a plan may tell of.</summary>
    public const int MostFaces = 64;

    // Faces of a tenth of a pixel, and a hundred thousand times as far away as a picture is wide.
    private const double LargestScale = 1e4;
    private const double LongestShift = 1e9;

    private const byte ShotMark = 0x80;
    private const byte FaceShotMark = 0x10;
    private const byte FateMask = 0x0F;
    private const int Matrix = 6;
    private const int PaintedLength = sizeof(float) + (Matrix * sizeof(double));

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly int[] _places;

    private StoredPlans(ReadOnlyMemory<byte> bytes, int[] places) => (_bytes, _places) = (bytes, places);

    /// <summary>Frames.</summary>
    public int Count => _places.Length;

    /// <summary>The bytes, for a file.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>The plan of a frame.</summary>
    public FramePlan this[int frame]
    {
        get
        {
            var bytes = _bytes.Span[_places[frame]..];
            var faces = new FacePlan[bytes[0] & ~ShotMark];
            var startsShot = (bytes[0] & ShotMark) != 0;
            bytes = bytes[1..];
            for (var i = 0; i < faces.Length; i++)
            {
                faces[i] = ReadFace(bytes);
                bytes = bytes[Length(faces[i].IsPainted)..];
            }

            return new FramePlan(startsShot, faces);
        }
    }

    /// <summary>The plans of a finished timeline.</summary>
    public static StoredPlans Of(IFaceTimeline timeline)
    {
        var (bytes, places) = (new List<byte>(), new int[timeline.Planned]);
        Span<byte> face = stackalloc byte[1 + PaintedLength];
        for (var frame = 0; frame < places.Length; frame++)
        {
            places[frame] = bytes.Count;
            var plan = timeline[frame];
            bytes.Add((byte)(plan.Faces.Count | (plan.StartsShot ? ShotMark : 0)));
            foreach (var person in plan.Faces)
            {
                WriteFace(person, face);
                bytes.AddRange(face[..Length(person.IsPainted)]);
            }
        }

        return new StoredPlans(bytes.ToArray(), places);
    }

    /// <summary>Reads what <see cref="Bytes"/> gave.</summary>
    /// <param name="bytes">All of it.</param>
    /// <param name="count">Frames.</param>
    /// <returns>Null if it is anything else.</returns>
    public static StoredPlans? Parse(ReadOnlyMemory<byte> bytes, int count)
    {
        if (count < 1 || count > bytes.Length)
        {
            return null;
        }

        var (places, at) = (new int[count], 0);
        var span = bytes.Span;
        for (var frame = 0; frame < count; frame++)
        {
            places[frame] = at;
            if (at >= span.Length || (span[at] & ~ShotMark) is < 1 or > MostFaces)
            {
                return null;
            }

            for (var left = span[at++] & ~ShotMark; left > 0; left--)
            {
                if (!IsFace(span[Math.Min(at, span.Length)..], out var length))
                {
                    return null;
                }

                at += length;
            }
        }

        return at == span.Length ? new StoredPlans(bytes, places) : null;
    }

    private static int Length(bool isPainted) => isPainted ? 1 + PaintedLength : 1;

    private static bool IsFace(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 1;
        if (bytes.IsEmpty || (bytes[0] & ~(FaceShotMark | FateMask)) != 0 || !Enum.IsDefined((FrameFate)(bytes[0] & FateMask)))
        {
            return false;
        }

        length = Length(new FacePlan((FrameFate)(bytes[0] & FateMask), StartsShot: false, Weight: 0, default).IsPainted);
        if (bytes.Length < length)
        {
            return false;
        }

        return length == 1 || (ReadFace(bytes) is var face && face.Weight is >= 0 and <= 1 && IsPlausible(face.Alignment));
    }

    /// <summary>Whether a face could lie so: what is made of the matrix grows with its numbers.</summary>
    private static bool IsPlausible(AffineTransform a) =>
        a.IsInvertible
        && Math.Max(Math.Max(Math.Abs(a.M11), Math.Abs(a.M12)), Math.Max(Math.Abs(a.M21), Math.Abs(a.M22))) <= LargestScale
        && Math.Max(Math.Abs(a.M13), Math.Abs(a.M23)) <= LongestShift;

    private static FacePlan ReadFace(ReadOnlySpan<byte> bytes)
    {
        var face = new FacePlan((FrameFate)(bytes[0] & FateMask), (bytes[0] & FaceShotMark) != 0, Weight: 0, AffineTransform.Identity);
        if (!face.IsPainted)
        {
            return face;
        }

        var matrix = bytes[(1 + sizeof(float))..];
        return face with
        {
            Weight = BinaryPrimitives.ReadSingleLittleEndian(bytes[1..]),
            Alignment = new AffineTransform(Value(matrix, 0), Value(matrix, 1), Value(matrix, 2), Value(matrix, 3), Value(matrix, 4), Value(matrix, 5)),
        };

        static double Value(ReadOnlySpan<byte> matrix, int index) => BinaryPrimitives.ReadDoubleLittleEndian(matrix[(index * sizeof(double))..]);
    }

    private static void WriteFace(FacePlan face, Span<byte> bytes)
    {
        bytes[0] = (byte)((byte)face.Fate | (face.StartsShot ? FaceShotMark : 0));
        if (!face.IsPainted)
        {
            return;
        }

        BinaryPrimitives.WriteSingleLittleEndian(bytes[1..], face.Weight);
        var matrix = bytes[(1 + sizeof(float))..];
        var a = face.Alignment;
        ReadOnlySpan<double> values = [a.M11, a.M12, a.M13, a.M21, a.M22, a.M23];
        for (var i = 0; i < Matrix; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(matrix[(i * sizeof(double))..], values[i]);
        }
    }
}
