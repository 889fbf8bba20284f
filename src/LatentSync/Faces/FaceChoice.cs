using System.Diagnostics.CodeAnalysis;
using LatentSync.Imaging;

namespace LatentSync;

/// <summary>Whose mouth is painted where several people are in the picture. The choice is made at the beginning of each shot.</summary>
public sealed record FaceChoice
{
    private const string LargestName = "largest";
    private const string AllName = "all";
    private const string LeftPrefix = "left:";
    private const string PointPrefix = "point:";
    private const string LikePrefix = "like:";
    private const string Forms =
        "largest, all, left:N (such as left:2), point:X,Y or point:X,Y@FRAME (such as point:640,300@50), or like:PICTURE (such as like:anna.jpg)";

    private FaceChoice() { }

    /// <summary>The largest face over the first frames of the shot; of two about equal ones the left one.</summary>
    public static FaceChoice Largest { get; } = new();

    /// <summary>Every face, each with the same sound; those who come into a shot later too.</summary>
    public static FaceChoice All { get; } = new() { IsAll = true };

    /// <summary>Whether everybody is chosen.</summary>
    internal bool IsAll { get; private init; }

    /// <summary>1 for the leftmost face of the shot, 2 for the next; null if the choice is another.</summary>
    internal int? Position { get; private init; }

    /// <summary>In pixels of the picture; null if the choice is another.</summary>
    internal Point2D? Point { get; private init; }

    /// <summary>Path of a picture of the person; null if the choice is another.</summary>
    internal string? Picture { get; private init; }

    /// <summary>From this frame of the video on the face nearest to <see cref="Point"/> is looked for anew.</summary>
    internal int Frame { get; private init; }

    /// <summary>The face at a place in the row of faces.</summary>
    /// <param name="position">1 for the leftmost, 2 for the next.</param>
    public static FaceChoice FromLeft(int position)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(position, 1);
        return new FaceChoice { Position = position };
    }

    /// <summary>The face nearest to a point.</summary>
    /// <param name="x">Pixels from the left of the picture.</param>
    /// <param name="y">Pixels from its top.</param>
    /// <param name="frame">The frame in which the point lies on the face, counted from 0: in the video, or at the chosen frame rate if there is one.</param>
    public static FaceChoice NearestTo(double x, double y, int frame = 0)
    {
        if (!double.IsFinite(x) || !double.IsFinite(y))
        {
            throw new ArgumentOutOfRangeException(nameof(x), "The point must be finite.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        return new FaceChoice { Point = new Point2D(x, y), Frame = frame };
    }

    /// <summary>
    /// The face that looks most like the one of a picture, if one looks like it at all. See <c>docs/faces.md</c> for what this
    /// can tell apart.
    /// </summary>
    /// <param name="picture">Path of a png, jpg or webp, or of a video whose first frame is taken.</param>
    public static FaceChoice Like(string picture)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(picture);
        return new FaceChoice { Picture = picture };
    }

    /// <summary>Reads <c>largest</c>, <c>all</c>, <c>left:N</c>, <c>point:X,Y</c>, <c>point:X,Y@FRAME</c> or <c>like:PICTURE</c>.</summary>
    /// <exception cref="LipSyncException"><see cref="LipSyncErrorCode.InvalidOptions"/>: the text is none of these.</exception>
    public static FaceChoice Parse(string text) =>
        TryParse(text, out var choice)
            ? choice
            : throw new LipSyncException(LipSyncErrorCode.InvalidOptions, $"{new OptionReference("Face")} is {text}; it must be {Forms}.");

    /// <summary>The same without an exception.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out FaceChoice? choice)
    {
        choice = text switch
        {
            LargestName => Largest,
            AllName => All,
            not null when text.StartsWith(LeftPrefix, StringComparison.Ordinal) => ParseLeft(text[LeftPrefix.Length..]),
            not null when text.StartsWith(PointPrefix, StringComparison.Ordinal) => ParsePoint(text[PointPrefix.Length..]),
            not null when text.StartsWith(LikePrefix, StringComparison.Ordinal) && !string.IsNullOrWhiteSpace(text[LikePrefix.Length..]) => Like(
                text[LikePrefix.Length..]
            ),
            _ => null,
        };
        return choice is not null;
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() =>
        (Position, Point, Picture) switch
        {
            ({ } position, _, _) => Invariant($"{LeftPrefix}{position}"),
            (_, _, { } picture) => LikePrefix + picture,
            (_, { } point, _) => Invariant($"{PointPrefix}{point.X},{point.Y}{(Frame > 0 ? Invariant($"@{Frame}") : string.Empty)}"),
            _ => IsAll ? AllName : LargestName,
        };

    private static FaceChoice? ParseLeft(string text) => TryWhole(text, out var position) && position >= 1 ? FromLeft(position) : null;

    private static FaceChoice? ParsePoint(string text)
    {
        var (place, frame) = (text, 0);
        if (text.IndexOf('@', StringComparison.Ordinal) is var at and >= 0)
        {
            place = text[..at];
            if (!TryWhole(text[(at + 1)..], out frame))
            {
                return null;
            }
        }

        return place.Split(',') is [var x, var y] && TryNumber(x, out var left) && TryNumber(y, out var top) ? NearestTo(left, top, frame) : null;
    }

    private static bool TryWhole(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static bool TryNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
        && double.IsFinite(value);
}
