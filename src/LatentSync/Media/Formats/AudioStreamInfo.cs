using LatentSync.Media.Probe;

namespace LatentSync.Media.Formats;

/// <summary>The sound track of a file, as its header describes it.</summary>
/// <param name="Index">The stream's index in its file.</param>
/// <param name="Codec">ffmpeg's name of the codec.</param>
/// <param name="SampleRate">Samples per second of one channel.</param>
/// <param name="Channels">Channels.</param>
/// <param name="Duration">Duration according to the header; null if it does not say.</param>
internal sealed record AudioStreamInfo(int Index, string Codec, int SampleRate, int Channels, TimeSpan? Duration)
{
    /// <summary>The most channels that ffmpeg can mix.</summary>
    public const int MostChannels = 64;

    /// <summary>The file marks it as the one to play where nothing is chosen.</summary>
    public bool IsDefault { get; init; }

    /// <summary>
    /// How much later than the file it begins, where ffmpeg moves a track to 0 that is read without those before it: in
    /// containers whose clock may start again.
    /// </summary>
    public TimeSpan MovedBy { get; init; }

    /// <summary>Its file is a chain of recordings, from <see cref="OggLinks"/>.</summary>
    public bool IsChained { get; init; }

    /// <summary>
    /// ffmpeg's name of the places of the channels; null where the file does not say, as some codecs in mono and recorders of
    /// many microphones.
    /// </summary>
    public string? Layout { get; init; }
}
