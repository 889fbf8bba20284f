using System.Text.RegularExpressions;

namespace LatentSync.Media.Ffmpeg;

/// <summary>What the versions mean that builds of ffmpeg report.</summary>
internal static partial class FfmpegVersion
{
    /// <summary>The first with the option <c>-fps_mode</c>.</summary>
    public static readonly Version Oldest = new(5, 1);

    /// <summary>
    /// Whether a release is older than <see cref="Oldest"/>: <c>4.4.2-0ubuntu0.22.04.1</c> is, <c>n7.1</c> is not. Builds that
    /// are no releases, such as <c>N-109542-g0a9ba5b3ef</c> and <c>2024-07-10-git-1a86a7a48d</c>, do not tell and pass.
    /// </summary>
    public static bool IsTooOld(string version) =>
        Release().Match(version) is { Success: true } release && Version.TryParse(release.Groups["number"].Value, out var number) && number < Oldest;

    [GeneratedRegex(@"^n?(?<number>\d+\.\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Release();
}
