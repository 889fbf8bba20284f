using System.ComponentModel;
using System.Diagnostics;

namespace LatentSync.Server.Engines;

/// <summary>The version of the ffmpeg that engines use: pictures that it decodes and encodes differ from version to version.</summary>
internal static class FfmpegVersion
{
    private const string Variable = "LATENTSYNC_FFMPEG";
    private const string Unknown = "unknown";
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>What it calls itself, such as <c>5.1.6</c>; <c>unknown</c> where it does not run, which the engine reports when it needs it.</summary>
    public static async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        var name = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? Path.Combine(folder, "ffmpeg") : "ffmpeg";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        try
        {
            using var ffmpeg = Process.Start(new ProcessStartInfo(name, ["-version"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            var text = await ffmpeg.StandardOutput.ReadToEndAsync(limit.Token);

            // "ffmpeg version 5.1.6-0+deb12u1 Copyright ..."
            return text.Split(' ', 4) is ["ffmpeg", "version", var version, _] ? version : Unknown;
        }
        catch (Exception error) when (error is Win32Exception || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return Unknown;
        }
    }
}
