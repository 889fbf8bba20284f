using System.Diagnostics;
using LatentSync.GpuBenchmarks;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Probe;
using LatentSync.Pipeline.FileJob;
using LatentSync.Pipeline.Stages;
using LatentSync.Progress;

namespace LatentSync.Benchmarks;

/// <summary>The whole way of the frames, files to file, with a generator that takes its time and paints without a network.</summary>
internal static class PipelineBenchmark
{
    public static void Run(string video, IEnumerable<int> runs, TimeSpan clipTime, int atOnce)
    {
        Console.WriteLine(
            FormattableString.Invariant(
                $"All stages together, {clipTime.TotalMilliseconds:0} ms for {PaintingGenerator.ClipFrames} frames in place of the networks, "
            ) + FormattableString.Invariant($"faces looked for on {atOnce} frames at once")
        );
        Console.WriteLine();
        Console.WriteLine(
            $"| frames | seconds | frames per second | generating, s | all / generating | waiting for frames, s | waiting for the writer, s {MemoryPeaks.Head}"
        );
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        var peaks = runs.Select(frames => (frames, RunApart(video, frames, clipTime, atOnce))).ToList();
        Console.WriteLine();
        foreach (var (frames, peak) in peaks.Skip(1))
        {
            Console.WriteLine(FormattableString.Invariant($"{frames} frames against {peaks[0].frames}: {MemoryPeaks.Growth(peaks[0].Item2, peak)}"));
        }
    }

    /// <summary>One run, as a row of the table.</summary>
    public static async Task<string> RowAsync(string video, int frames, TimeSpan clipTime, int atOnce)
    {
        var folder = Directory.CreateTempSubdirectory("latentsync-bench-").FullName;
        try
        {
            return await RunAsync(video, frames, clipTime, atOnce, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One run in a process of its own, whose memory no other run has touched.</summary>
    private static MemoryPeaks RunApart(string video, int frames, TimeSpan clipTime, int atOnce)
    {
        var program = Environment.ProcessPath!;
        string[] host = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(PipelineBenchmark).Assembly.Location] : [];
        using var process = Process.Start(
            new ProcessStartInfo(
                program,
                [
                    .. host,
                    video,
                    FormattableString.Invariant($"{frames}"),
                    Arguments.ClipTimeOption,
                    FormattableString.Invariant($"{clipTime.TotalMilliseconds:0}"),
                    Arguments.AtOnceOption,
                    FormattableString.Invariant($"{atOnce}"),
                    Arguments.RowOption,
                ]
            )
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var row = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        Console.WriteLine(row);
        return process.ExitCode == 0 ? MemoryPeaks.OfRow(row) : throw new InvalidOperationException("A run failed.");
    }

    private static async Task<string> RunAsync(string video, int frames, TimeSpan clipTime, int atOnce, string folder)
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
        var result = await new LipSyncJob(
            request,
            new SyntheticAudioEncoder(),
            generator,
            new FaceFinder(insightFaceFolder: null, atOnce),
            progress: null,
            new WorkTimes()
        ).RunAsync(CancellationToken.None);
        var peaks = await memory.StopAsync();
        var (all, generating) = (result.Elapsed.TotalSeconds, generator.Elapsed.TotalSeconds);
        return FormattableString.Invariant($"| {result.Frames} | {all:0.0} | {result.Frames / all:0.0} | {generating:0.0} | {all / generating:0.00} ")
            + FormattableString.Invariant($"| {Seconds(LipSyncWork.WaitForFrames):0.0} | {Seconds(LipSyncWork.WaitForWriter):0.0} {peaks.Columns()}");

        double Seconds(LipSyncWork work) => result.Times[work].TotalSeconds;
    }

    /// <summary>A video of at least so many frames, by copying the packets again and again.</summary>
    private static async Task<string> RepeatAsync(string video, int frames, string folder)
    {
        var seconds = (await MediaProbe.ProbeAsync(video, CancellationToken.None)).RequireVideo().Duration?.TotalSeconds ?? 0;
        var repeats = (int)Math.Ceiling(frames / 25.0 / seconds) - 1;
        var longer = Path.Combine(folder, FormattableString.Invariant($"source-{frames}.mp4"));
        using var process = Process.Start(
            new ProcessStartInfo(
                MediaTools.Locate().FfmpegPath,
                ["-v", "error", "-y", "-stream_loop", FormattableString.Invariant($"{repeats}"), "-i", video, "-map", "0:v", "-c", "copy", longer]
            )
        )!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? longer : throw new InvalidOperationException("ffmpeg could not lengthen the video.");
    }
}
