using System.Diagnostics;
using System.Runtime.CompilerServices;
using LatentSync.Faces;
using LatentSync.Faces.MediaPipe;
using LatentSync.Faces.Tracking;
using LatentSync.Imaging;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.Pipeline.Flow;
using LatentSync.Pipeline.Flow.Frames;
using LatentSync.Progress;
using LatentSync.Timeline;

namespace LatentSync.Benchmarks;

/// <summary>Finding, following and cutting out faces alone, on frames that are decoded already, on one and several frames at once.</summary>
internal static class FacesBenchmark
{
    private const int Resolution = 512;
    private const int Decoded = 40;
    private const int WarmUpFrames = 40;
    private const int Frames = 320;

    public static async Task RunAsync(string path)
    {
        var images = await DecodeAsync(path);
        Console.WriteLine(FormattableString.Invariant($"Faces found on several frames at once, {images[0].Width}x{images[0].Height}, {Frames} frames"));
        Console.WriteLine();
        Console.WriteLine("| frames at once | frames per second | processor time per frame, ms | resident memory before and after, MiB |");
        Console.WriteLine("|---:|---:|---:|---:|");
        foreach (var atOnce in (int[])[1, 2, 4, 6, 8])
        {
            if (atOnce <= Environment.ProcessorCount)
            {
                Console.WriteLine(await RowAsync(images, atOnce));
            }
        }
    }

    private static async Task<string> RowAsync(IReadOnlyList<RgbImage> images, int atOnce)
    {
        var before = Environment.WorkingSet >> 20;
        using var landmarker = new MediaPipeFaceLandmarker(FaceModelFiles.DefaultFolder);
        var timeline = new FaceTimeline(landmarker, Resolution, FaceChoice.Largest, longestBridge: 5, FrameClock.Model);
        var (cropper, face) = (new FaceCropper(Resolution), new RgbImage(Resolution, Resolution));
        var decoded = new DecodedFrames(images);
        IFrameSequence source = atOnce > 1 ? new FramesAhead(decoded, landmarker, atOnce, new WorkTimes()) : decoded;
        var (start, processor, cropped) = (0L, TimeSpan.Zero, 0);
        await foreach (var frame in source.ReadAsync(CancellationToken.None))
        {
            if (frame.Index == WarmUpFrames)
            {
                (start, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            }

            timeline.Add(frame.Image, frame.Start);
            for (; cropped < timeline.Planned; cropped++)
            {
                if (timeline[cropped].Faces is [{ IsPainted: true } plan, ..])
                {
                    cropper.Crop(images[cropped % images.Count], plan.Alignment, face);
                }
            }
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var work = (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / Frames;
        return FormattableString.Invariant($"| {atOnce} | {Frames / seconds:0.0} | {work:0.0} | {before}, {Environment.WorkingSet >> 20} |");
    }

    private static async Task<IReadOnlyList<RgbImage>> DecodeAsync(string path)
    {
        var video = (await MediaProbe.ProbeAsync(path, CancellationToken.None)).RequireVideo();
        await using var reader = await VideoReader.OpenAsync(path, video, new VideoReadOptions { FrameLimit = Decoded }, CancellationToken.None);
        var images = new List<RgbImage>();
        for (var image = Next(); await reader.ReadAsync(image, CancellationToken.None); image = Next())
        {
            images.Add(image);
        }

        return images;

        RgbImage Next() => new(video.DisplayWidth, video.DisplayHeight);
    }

    /// <summary>Some frames again and again, as one long video.</summary>
    private sealed class DecodedFrames(IReadOnlyList<RgbImage> images) : IFrameSequence
    {
        public async IAsyncEnumerable<SourceFrame> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (var frame = 0; frame < WarmUpFrames + Frames; frame++)
            {
                await Task.Yield();
                yield return new SourceFrame(frame, images[frame % images.Count], frame);
            }
        }
    }
}
