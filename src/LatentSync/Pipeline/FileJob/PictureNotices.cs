using LatentSync.Faces.Tracking;
using LatentSync.Media.Encoders;
using LatentSync.Media.Formats;
using LatentSync.Pipeline.Flow.Frames;

namespace LatentSync.Pipeline.FileJob;

/// <summary>What a user should know about the pictures of a result, although nothing is wrong with it.</summary>
internal static class PictureNotices
{
    /// <summary>The sentences about a finished job.</summary>
    /// <param name="request">The job.</param>
    /// <param name="video">Its source.</param>
    /// <param name="encoding">How the result was encoded.</param>
    /// <param name="counts">What was done to its frames.</param>
    /// <param name="faces">Faces that were seen and cannot be used.</param>
    /// <param name="isCopied">The pictures were copied from the source.</param>
    public static IEnumerable<FormattableString> Of(
        LipSyncRequest request,
        VideoStreamInfo video,
        VideoEncoding encoding,
        FrameCounts counts,
        UnusableFaces faces,
        bool isCopied
    )
    {
        if (counts.Painted == 0)
        {
            var reason = WhyNone(request.Options.Faces.Face, counts, faces);
            var pictures = isCopied ? (FormattableString)$", and the pictures are the source's bit for bit" : $"";
            yield return $"No mouth was changed in \"{request.Video}\", since {reason}; only the sound is new{pictures}.";
        }

        if (isCopied || video.StillDemuxer is not null)
        {
            yield break;
        }

        if (video.IsInterlaced)
        {
            yield return $"\"{request.Video}\" is interlaced; the result has whole pictures, one for each two fields.";
        }

        if (video.Color.IsHighDynamicRange)
        {
            var transfer = video.Color.Transfer == "smpte2084" ? "PQ" : "HLG";
            yield return $"\"{request.Video}\" is HDR ({transfer}); the result has standard dynamic range (BT.709), since frames have 8 bits.";
        }

        if (video.Format.HasAlpha)
        {
            yield return $"\"{request.Video}\" may be transparent in places; these are black in the result.";
        }

        if (request.Options.Encoding.Encoder == VideoEncoderKind.Auto)
        {
            yield return $"The pictures were encoded with {VideoEncoder.For(encoding).Library}.";
        }

        if (
            encoding is { PixelFormat: null, Codec: not VideoCodec.ProRes }
            && IsEven(video)
            && VideoEncoder.For(encoding).PixelFormat(encoding, video.ResultFormat, video.DisplayWidth, video.DisplayHeight) is var format
            && !format.StartsWith("yuv420", StringComparison.Ordinal)
        )
        {
            var option = new OptionReference(nameof(encoding.PixelFormat), "yuv420p");
            yield return $"The pictures are {format}, as fine as in \"{request.Video}\"; browsers and phones may not show them, {option} plays everywhere.";
        }
    }

    private static bool IsEven(VideoStreamInfo video) => video.DisplayWidth % 2 == 0 && video.DisplayHeight % 2 == 0;

    /// <summary>A small face now and then may be a pattern that looks like one.</summary>
    private static FormattableString WhyNone(FaceChoice choice, FrameCounts counts, UnusableFaces faces) =>
        counts[FrameFate.Quiet] > counts[FrameFate.NoFace] + counts[FrameFate.TurnedAway] ? (FormattableString)$"nobody speaks in the sound"
        : counts[FrameFate.TurnedAway] > counts[FrameFate.NoFace] ? (FormattableString)$"the face is turned aside by more than 50 degrees"
        : faces.AreTurned ? (FormattableString)$"its faces are not upright (turn the video first, with the eyes above the mouth)"
        : choice != FaceChoice.Largest && !choice.IsAll
            ? (FormattableString)$"the face that {new OptionReference(nameof(FaceOptions.Face), choice.ToString())} names was not found"
        : 2 * faces.Small >= counts[FrameFate.NoFace] ? (FormattableString)$"its faces are smaller than 50 pixels in width and 80 in height"
        : $"no face was found in it";
}
