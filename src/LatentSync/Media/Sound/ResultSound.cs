using LatentSync.Media.Formats;
using LatentSync.Media.Probe;
using LatentSync.Media.Write;

namespace LatentSync.Media.Sound;

/// <summary>How the sound of a result is written; found out by <see cref="SoundTrial"/> before the job.</summary>
/// <param name="File">The file with the sound.</param>
/// <param name="IsCopied">Its packets go into the result as they are, where nothing is done to them.</param>
/// <param name="Encoder">ffmpeg's encoder, where something is.</param>
/// <param name="Layout">The channels' places then, in ffmpeg's names; null as in the file.</param>
internal sealed record ResultSound(MediaInfo File, bool IsCopied, string Encoder, string? Layout)
{
    private const string LossyBitRate = "256k";

    /// <summary>The encoder of all sounds that were not kept without loss.</summary>
    public static string LossyEncoder => "aac";

    /// <summary>Its track.</summary>
    public AudioStreamInfo Track => File.RequireAudio();

    /// <summary>Whether it is encoded, with this edit.</summary>
    public bool IsEncoded(SoundEdit edit) => !IsCopied || edit.IsNeeded;

    /// <summary>ffmpeg's arguments for the sound.</summary>
    /// <param name="edit">What is done to it.</param>
    /// <param name="muxer">ffmpeg's name of the kind of file.</param>
    /// <param name="end">Where the pictures end.</param>
    public IReadOnlyList<string> Arguments(SoundEdit edit, string muxer, TimeSpan end)
    {
        string[] encoding =
            !IsEncoded(edit) ? ["-c:a", "copy"]
            : Encoder == LossyEncoder ? ["-c:a", Encoder, "-b:a", LossyBitRate]
            : ["-c:a", Encoder];
        return muxer == "matroska" ? [.. encoding, "-bsf:a", WithinPictures(IsEncoded(edit) ? Encoder : Track.Codec, end)] : encoding;
    }

    /// <summary>
    /// What lies outside of the pictures in Matroska; MP4 and QuickTime have edit lists for it. In front of time 0 encoders put a
    /// run-up, mostly of one packet, for which Matroska has a word for Opus only. For others ffmpeg would let pictures and
    /// sound begin later by it; instead, packets that end before 0 are left out, and times of less than a few milliseconds
    /// before 0 become 0. Nor does the last packet last longer than the pictures. Times are milliseconds here.
    /// </summary>
    private static string WithinPictures(string codec, TimeSpan end)
    {
        var last = Invariant($"duration='max(min(DURATION,{Math.Round(end.TotalMilliseconds)}-PTS),0)'");
        return codec == "opus" ? $"setts={last}" : $"noise=drop='lte(pts+duration,1)*lt(pts,-5)',setts=ts='max(TS,0)':{last}";
    }
}
