namespace LatentSync.Media.Ffmpeg;

/// <summary>What a program that has ended left behind.</summary>
/// <param name="ExitCode">0 for success; above 128 it is 128 + the signal that killed it.</param>
/// <param name="Output">Standard output.</param>
/// <param name="LastWords">The last lines of standard error.</param>
internal sealed record ToolResult(int ExitCode, byte[] Output, string LastWords);
