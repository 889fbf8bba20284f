using System.Text.RegularExpressions;

namespace LatentSync.Media.Formats;

/// <summary>What the name of an ffmpeg pixel format says about the pictures.</summary>
/// <param name="Chroma">The coarsest of the usual samplings that keeps all colour samples.</param>
/// <param name="BitDepth">Bits of one sample, 8 at least.</param>
/// <param name="IsRgb">Red, green and blue or a palette, not YCbCr.</param>
/// <param name="HasAlpha">Pixels may be transparent.</param>
internal sealed partial record PictureFormat(ChromaSampling Chroma, int BitDepth, bool IsRgb = false, bool HasAlpha = false)
{
    private const int ByteDepth = 8;
    private const int ShortDepth = 16;
    private const int MatchLimitMilliseconds = 1000;

    private static readonly Dictionary<string, (ChromaSampling Chroma, int BitDepth)> Packed = new(StringComparer.Ordinal)
    {
        ["nv12"] = (ChromaSampling.Quarter, ByteDepth),
        ["nv21"] = (ChromaSampling.Quarter, ByteDepth),
        ["p010"] = (ChromaSampling.Quarter, 10),
        ["p016"] = (ChromaSampling.Quarter, ShortDepth),
        ["yuyv422"] = (ChromaSampling.Half, ByteDepth),
        ["uyvy422"] = (ChromaSampling.Half, ByteDepth),
        ["yvyu422"] = (ChromaSampling.Half, ByteDepth),
        ["uyyvyy411"] = (ChromaSampling.Half, ByteDepth),
        ["nv16"] = (ChromaSampling.Half, ByteDepth),
        ["nv20"] = (ChromaSampling.Half, 10),
        ["y210"] = (ChromaSampling.Half, 10),
        ["p210"] = (ChromaSampling.Half, 10),
        ["p216"] = (ChromaSampling.Half, ShortDepth),
        ["nv24"] = (ChromaSampling.Full, ByteDepth),
        ["nv42"] = (ChromaSampling.Full, ByteDepth),
        ["p410"] = (ChromaSampling.Full, 10),
        ["p416"] = (ChromaSampling.Full, ShortDepth),
    };

    /// <summary>What every player shows.</summary>
    public static PictureFormat Common { get; } = new(ChromaSampling.Quarter, ByteDepth);

    /// <summary>Reads a name such as <c>yuv422p10le</c>; a missing one counts as <see cref="Common"/>, an unknown one as RGB.</summary>
    public static PictureFormat Parse(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return Common;
        }

        if (Planar().Match(name) is { Success: true } planar)
        {
            return new PictureFormat(Sampling(planar.Groups["sampling"].Value), Depth(planar), HasAlpha: planar.Groups["alpha"].Length > 0);
        }

        if (Colourless().Match(name) is { Success: true } gray)
        {
            return new PictureFormat(ChromaSampling.Quarter, Depth(gray), HasAlpha: gray.Groups["alpha"].Length > 0);
        }

        return Packed.TryGetValue(
            name.EndsWith("le", StringComparison.Ordinal) || name.EndsWith("be", StringComparison.Ordinal) ? name[..^2] : name,
            out var packed
        )
            ? new PictureFormat(packed.Chroma, packed.BitDepth)
            : new PictureFormat(ChromaSampling.Full, RgbDepth(name), IsRgb: true, HasAlpha: Transparent().IsMatch(name));
    }

    /// <summary>4:1:0 is coarser than 4:2:0; 4:1:1 shares along a row only, 4:4:0 down a column only.</summary>
    private static ChromaSampling Sampling(string digits) =>
        digits switch
        {
            "420" or "410" => ChromaSampling.Quarter,
            "422" or "411" => ChromaSampling.Half,
            _ => ChromaSampling.Full,
        };

    private static int Depth(Match match) =>
        int.TryParse(match.Groups["depth"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var depth)
            ? Math.Clamp(depth, ByteDepth, ShortDepth)
            : ByteDepth;

    private static int RgbDepth(string name) =>
        PlanarRgb().Match(name) is { Success: true } planar ? Depth(planar)
        : name.Contains("48", StringComparison.Ordinal) || name.Contains("64", StringComparison.Ordinal) ? ShortDepth
        : ByteDepth;

    [GeneratedRegex(
        "^yuv(?<alpha>a?)j?(?<sampling>4[0-4]{2})p(?<depth>[0-9]*)([lb]e)?$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        MatchLimitMilliseconds
    )]
    private static partial Regex Planar();

    [GeneratedRegex(
        "^(gray|monow|monob|y(?<alpha>a))f?(?<depth>[0-9]*)([lb]e)?$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        MatchLimitMilliseconds
    )]
    private static partial Regex Colourless();

    [GeneratedRegex("^gbra?pf?(?<depth>[0-9]*)([lb]e)?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, MatchLimitMilliseconds)]
    private static partial Regex PlanarRgb();

    [GeneratedRegex("^(pal8$|argb|abgr|rgba|bgra|gbrap)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, MatchLimitMilliseconds)]
    private static partial Regex Transparent();
}
