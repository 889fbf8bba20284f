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
        Console.WriteLine("| frames | seconds | frames per second | generating, s | all / generating | waiting for frames, s | waiting for the writer, s | peak of the heap | peak memory, this process | peak memory, with ffmpeg |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        var folder = Directory.CreateTempSubdirectory("latentsync-bench-").FullName;
        try
        {
            var peaks = new List<(int Frames, MemoryPeaks Peaks)>();
            foreach (var frames in runs)
            {
                peaks.Add((frames, await RunAsync(video, frames, clipTime, folder)));
            }

            Compare(peaks);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<MemoryPeaks> RunAsync(string video, int frames, TimeSpan clipTime, string folder)
    {
        var request = new LipSyncRequest
        {
            Video = await RepeatAsync(video, frames, folder),
            Audio = SilentSound.Write(Path.Combine(folder, "silence.wav"), frames),
            Output = Path.Combine(folder, FormattableString.Invariant($"{frames}.mp4")),
            Overwrite = true,
        };

        // What the run before left behind is not of this one.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var memory = new MemoryWatch();
        var generator = new PaintingGenerator(clipTime);
        var result = await new LipSyncJob(request, new SyntheticAudioEncoder(), generator, new FaceFinder(insightFaceFolder: null), progress: null, new WorkTimes())
            .RunAsync(CancellationToken.None);
        var peaks = await memory.StopAsync();
        var (all, generating) = (result.Elapsed.TotalSeconds, generator.Elapsed.TotalSeconds);
        Console.WriteLine(FormattableString.Invariant(
            $"| {result.Frames} | {all:0.0} | {result.Frames / all:0.0} | {generating:0.0} | {all / generating:0.00} | {Seconds(LipSyncWork.WaitForFrames):0.0} | {Seconds(LipSyncWork.WaitForWriter):0.0} | {peaks.Heap >> 20} MiB | {peaks.Process >> 20} MiB | {peaks.WithChildren >> 20} MiB |"));
        return peaks;

        double Seconds(LipSyncWork work) => result.Times[work].TotalSeconds;
    }

    /// <summary>Whether memory grows with the length: the peaks of every run against those of the first.</summary>
    private static void Compare(List<(int Frames, MemoryPeaks Peaks)> runs)
    {
        Console.WriteLine();
        var first = runs[0];
        foreach (var (frames, peaks) in runs.Skip(1))
        {
            Console.WriteLine(FormattableString.Invariant(
                $"{frames} frames against {first.Frames}: this process {Growth(run => run.Process)}, with ffmpeg {Growth(run => run.WithChildren)}"));

            string Growth(Func<MemoryPeaks, long> bytes) =>
                FormattableString.Invariant($"{(bytes(peaks) - bytes(first.Peaks)) / (double)(1 << 20):+0;-0;0} MiB ({((double)bytes(peaks) / bytes(first.Peaks)) - 1:+0.0 %;-0.0 %;0 %})");
        }
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
