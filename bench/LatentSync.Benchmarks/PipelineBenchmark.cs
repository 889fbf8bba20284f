using System.Diagnostics;
using LatentSync.Media;
using LatentSync.Pipeline;

namespace LatentSync.Benchmarks;

/// <summary>The whole way of the frames, files to file, with a generator that takes its time and paints without a network.</summary>
internal static class PipelineBenchmark
{
    public static async Task RunAsync(string video, IEnumerable<int> runs, TimeSpan clipTime)
    {
        Console.WriteLine(FormattableString.Invariant($"All stages together, {clipTime.TotalMilliseconds:0} ms for {PaintingGenerator.ClipFrames} frames in place of the networks"));
        Console.WriteLine();
        Console.WriteLine("| frames | seconds | frames per second | generating, s | all / generating | waiting for frames, s | waiting for the writer, s | peak memory, this process | peak memory, with ffmpeg |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        var folder = Directory.CreateTempSubdirectory("latentsync-bench-").FullName;
        try
        {
            foreach (var frames in runs)
            {
                await RunAsync(video, frames, clipTime, folder);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RunAsync(string video, int frames, TimeSpan clipTime, string folder)
    {
        var request = new LipSyncRequest
        {
            Video = await RepeatAsync(video, frames, folder),
            Audio = SilentSound.Write(Path.Combine(folder, "silence.wav"), frames),
            Output = Path.Combine(folder, FormattableString.Invariant($"{frames}.mp4")),
            Overwrite = true,
        };
        using var memory = new MemoryWatch();
        var generator = new PaintingGenerator(clipTime);
        var result = await new LipSyncJob(request, new SyntheticAudioEncoder(), generator, new FaceFinder(insightFaceFolder: null), progress: null, new WorkTimes())
            .RunAsync(CancellationToken.None);
        var (own, tree) = await memory.StopAsync();
        var (all, generating) = (result.Elapsed.TotalSeconds, generator.Elapsed.TotalSeconds);
        Console.WriteLine(FormattableString.Invariant(
            $"| {result.Frames} | {all:0.0} | {result.Frames / all:0.0} | {generating:0.0} | {all / generating:0.00} | {Seconds(LipSyncWork.WaitForFrames):0.0} | {Seconds(LipSyncWork.WaitForWriter):0.0} | {own >> 20} MiB | {tree >> 20} MiB |"));

        double Seconds(LipSyncWork work) => result.Times[work].TotalSeconds;
    }

    /// <summary>A video of at least so many frames, by copying the packets again and again.</summary>
    private static async Task<string> RepeatAsync(string video, int frames, string folder)
    {
        var seconds = (await MediaProbe.ProbeAsync(video, CancellationToken.None)).RequireVideo().Duration?.TotalSeconds ?? 0;
        var repeats = (int)Math.Ceiling(frames / 25.0 / seconds) - 1;
        var longer = Path.Combine(folder, FormattableString.Invariant($"source-{frames}.mp4"));
        using var process = Process.Start(new ProcessStartInfo(
            MediaTools.Locate().FfmpegPath,
            ["-v", "error", "-y", "-stream_loop", FormattableString.Invariant($"{repeats}"), "-i", video, "-map", "0:v", "-c", "copy", longer]))!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? longer : throw new InvalidOperationException("ffmpeg could not lengthen the video.");
    }
}
