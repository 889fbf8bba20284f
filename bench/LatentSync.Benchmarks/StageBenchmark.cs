using LatentSync.Faces;
using LatentSync.Faces.Cuts;
using LatentSync.Faces.MediaPipe;
using LatentSync.Imaging;
using LatentSync.Latents;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.Media.Write;
using LatentSync.Restoration;
using LatentSync.Tensors;
using LatentSync.Timeline;

namespace LatentSync.Benchmarks;

/// <summary>Each stage by itself, one after the other on the same frames, so that none waits for another.</summary>
internal static class StageBenchmark
{
    private const int Resolution = 512;
    private const int WarmUpFrames = 10;

    public static async Task RunAsync(string path, int frames)
    {
        var video = (await MediaProbe.ProbeAsync(path, CancellationToken.None)).RequireVideo();
        var frame = new RgbImage(video.DisplayWidth, video.DisplayHeight);
        var face = new RgbImage(Resolution, Resolution);
        using var landmarker = new MediaPipeFaceLandmarker(FaceModelFiles.DefaultFolder);
        using var networks = new MediaPipeNetworks(FaceModelFiles.DefaultFolder, roundToPixels: false);
        var (aligner, cropper) = (new FaceAligner(Resolution), new FaceCropper(Resolution));
        var cuts = new SceneCutDetector();
        var mouth = new MouthRestorer(new RepaintMask(Resolution).Pixels, Resolution);
        var reference = new ReferenceRestorer(Resolution);
        var pixels = new TensorBuffer();
        var output = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".mp4");

        StageTimes[] Rows() =>
            [
                new("decode to RGB"),
                new("face detection and landmarks"),
                new("align, crop, resize to 512"),
                new("restore, default"),
                new("restore, reference"),
                new("encode"),
                new("scene cut"),
                new("the first detector alone"),
                new("the mesh of one face alone"),
            ];
        var rows = Rows();
        await using var reader = await VideoReader.OpenAsync(path, video, new VideoReadOptions(), CancellationToken.None);
        await using var writer = await VideoWriter.CreateAsync(
            new VideoWriteOptions
            {
                Path = output,
                Width = frame.Width,
                Height = frame.Height,
                Clock = FrameClock.Model,
                Color = video.Color,
            },
            CancellationToken.None
        );
        for (var i = 0; i < WarmUpFrames + frames; i++)
        {
            if (i == WarmUpFrames)
            {
                rows = Rows();
            }

            if (!await rows[0].MeasureAsync(() => reader.ReadAsync(frame, CancellationToken.None)))
            {
                break;
            }

            rows[6].Measure(() => cuts.IsCut(frame));
            MeasureNetworks(networks, frame, rows[7], rows[8]);
            FaceLandmarks? landmarks = null;
            rows[1].Measure(() => landmarks = landmarker.Find(frame));
            if (landmarks is null)
            {
                continue;
            }

            AffineTransform alignment = default;
            rows[2]
                .Measure(() =>
                {
                    alignment = aligner.Align(landmarks.LeftBrow, landmarks.RightBrow, landmarks.Nose);
                    cropper.Crop(frame, alignment, face);
                });
            var generated = FacePixels.FromImages([face], pixels);
            rows[4].Measure(() => reference.Restore(frame, alignment, generated.Data, weight: 1));
            rows[3].Measure(() => mouth.Restore(frame, alignment, generated.Data, weight: 1));
            await rows[5]
                .MeasureAsync(async () =>
                {
                    await writer.WriteAsync(frame, writer.FramesWritten, CancellationToken.None);
                    return true;
                });
        }

        Print(FormattableString.Invariant($"Stages, {frame.Width}x{frame.Height}, milliseconds per frame"), rows);
    }

    private static void MeasureNetworks(MediaPipeNetworks networks, RgbImage frame, StageTimes detector, StageTimes mesh)
    {
        IReadOnlyList<FaceDetection> seen = [];
        detector.Measure(() => seen = networks.Detect(frame));
        if (seen.Count > 0)
        {
            mesh.Measure(() => networks.Fit(frame, seen[0]));
        }
    }

    private static void Print(string title, IEnumerable<StageTimes> rows)
    {
        Console.WriteLine(title);
        Console.WriteLine();
        Console.WriteLine("| stage | median | 90th percentile | least |");
        Console.WriteLine("|---|---:|---:|---:|");
        foreach (var row in rows)
        {
            Console.WriteLine(row.Row());
        }
    }
}
