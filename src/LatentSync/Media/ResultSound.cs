namespace LatentSync.Media;

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
    public IReadOnlyList<string> Arguments(SoundEdit edit, string muxer) => IsEncoded(edit)
        ? ["-c:a", Encoder, .. Encoder == LossyEncoder ? (string[])["-b:a", LossyBitRate] : [], .. WithoutRunUp(Encoder, muxer)]
        : ["-c:a", "copy", .. WithoutRunUp(Track.Codec, muxer)];

    /// <summary>
    /// What an encoder puts in front of time 0, mostly one packet. MP4 and QuickTime say where the sound begins after it, and
    /// so does Matroska for Opus. For others ffmpeg would let pictures and sound begin later by it; instead, packets that end
    /// before 0 are left out, and times of less than a few milliseconds before 0 become 0. Times are milliseconds here.
    /// </summary>
    private static string[] WithoutRunUp(string codec, string muxer) =>
        muxer == "matroska" && codec != "opus" ? ["-bsf:a", "noise=drop='lte(pts+duration,1)*lt(pts,-5)',setts=ts='max(TS,0)'"] : [];
}
