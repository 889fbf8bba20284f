using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using LatentSync.Media.Ffmpeg;

namespace LatentSync.Media.Probe;

/// <summary>The header of an Opus track (RFC 7845, section 5.1), which is the same in every container.</summary>
internal static partial class OpusHeader
{
    private const int SampleRate = 48000;
    private const int PreSkipOffset = 10;
    private const int OutputLimit = 1 << 16;
    private const int MatchLimitMilliseconds = 1000;

    /// <summary>Its first bytes.</summary>
    public static ReadOnlySpan<byte> Mark => "OpusHead"u8;

    /// <summary>Seconds that every decoder throws away at the beginning; 0 if the header cannot be read.</summary>
    public static async Task<double> ReadPreSkipAsync(MediaTools tools, MediaInfo sound, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "-hide_banner",
            "-loglevel",
            "error",
            .. MediaInput.Restrictions,
            "-select_streams",
            Invariant($"{sound.RequireAudio().Index}"),
            "-show_entries",
            "stream=extradata",
            "-show_data",
            "-of",
            "default=nk=1:nw=1",
            "-i",
            MediaInput.Url(Path.GetFullPath(sound.Path)),
        ];
        var result = await ToolRun.RunAsync(tools.Launcher, tools.FfprobePath, arguments, OutputLimit, cancellationToken).ConfigureAwait(false);
        return result.ExitCode == 0 ? ParsePreSkip(Encoding.UTF8.GetString(result.Output)) : 0;
    }

    /// <summary>The same of ffprobe's dump, such as <c>00000000: 4f70 7573 4865 6164 0101 3801 80bb 0000  OpusHead..8.....</c>.</summary>
    public static double ParsePreSkip(string dump)
    {
        var first = FirstLine().Match(dump);
        var header = first.Success ? Convert.FromHexString(first.Groups["bytes"].Value.Replace(" ", "", StringComparison.Ordinal)) : [];
        return header.AsSpan().StartsWith(Mark) ? (double)BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(PreSkipOffset)) / SampleRate : 0;
    }

    [GeneratedRegex(
        "^00000000: (?<bytes>([0-9a-f]{4} ){6})",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        MatchLimitMilliseconds
    )]
    private static partial Regex FirstLine();
}
