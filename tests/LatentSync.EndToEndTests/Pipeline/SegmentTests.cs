using System.Globalization;
using System.Text;
using LatentSync.Backends;
using LatentSync.FrontEnd.Words;
using LatentSync.Imaging;
using LatentSync.Media.Encoders;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Read;
using LatentSync.Pipeline.FileJob;
using LatentSync.Pipeline.Stages;
using LatentSync.Progress;
using LatentSync.Tensors;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>Results made of segments of half a second; only the networks are stood in for.</summary>
public sealed class SegmentTests(Samples samples) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// The borders show neither in the times nor in the number of frames, with B-frames and without, at a rate whose ticks are
    /// no microseconds.
    /// </summary>
    [Theory]
    [InlineData(VideoCodec.H264, ".mp4")]
    [InlineData(VideoCodec.H264, ".mov", Explicit = true)]
    [InlineData(VideoCodec.H264, ".mkv", Explicit = true)]
    [InlineData(VideoCodec.Hevc, ".mp4")]
    [InlineData(VideoCodec.Av1, ".mp4", Explicit = true)]
    [InlineData(VideoCodec.Av1, ".mkv", Explicit = true)]
    [InlineData(VideoCodec.ProRes, ".mov")]
    public async Task Borders_DoNotShow(VideoCodec codec, string extension)
    {
        Assert.SkipUnless(
            await TestMedia.Tools.HasEncoderAsync(VideoEncoder.For(new VideoEncoding { Codec = codec }).Library, TestMedia.Token),
            "SKIPPED: this ffmpeg lacks the encoder."
        );
        var video = Samples.Make(
            "-i",
            samples.Talk,
            "-vf",
            "fps=30000/1001",
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "16",
            _folder.File("source.mp4")
        );
        var options = new LipSyncFileOptions
        {
            Sampling = new() { InferenceSteps = 1, NumFrames = 4 },
            Encoding = new VideoEncoding { Codec = codec },
        };
        var inSegments = await RunAsync(video, "parts" + extension, options, new GreyGenerator(1), 0.5);
        var whole = await RunAsync(video, "whole" + extension, options, new GreyGenerator(1), 1000);
        Assert.Equal(whole.Frames, inSegments.Frames);
        Assert.Equal(Times(whole.Output), Times(inSegments.Output));
        Assert.Equal(whole.Frames, (await TestMedia.HashFramesAsync(inSegments.Output, new VideoReadOptions { FrameRate = null })).Count);
        Assert.Equal(
            ["parts" + extension, "source.mp4", "whole" + extension],
            Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    /// <summary>
    /// A card that fails in the middle of a clip, three times: the cause is told, what was finished is kept, and what comes of
    /// it is what would have been.
    /// </summary>
    [Theory]
    [InlineData(
        LipSyncErrorCode.InferenceFailed,
        "The GPU failed to finish its work: CUDA_ERROR_LAUNCH_FAILED (unspecified launch failure, 719); "
            + "see what else runs on it with nvidia-smi, or run with --device cpu."
    )]
    [InlineData(
        LipSyncErrorCode.DeviceUnavailable,
        "NVIDIA GeForce RTX 4070 has 0.3 GiB left for this program, "
            + "but this model needs at least 2.1 GiB; close other programs on it, or run with --device cpu.",
        Explicit = true
    )]
    public async Task AFailedGenerator_LosesNothingThatWasFinished(LipSyncErrorCode code, string sentence)
    {
        var options = new LipSyncFileOptions
        {
            Sampling = new() { InferenceSteps = 1, NumFrames = 4 },
        };
        var notices = new List<string>();
        const int failures = 3;
        const int clipsUntilThen = 5;
        for (var failure = 0; failure < failures; failure++)
        {
            var error = await Assert.ThrowsAsync<LipSyncException>(() =>
                RunAsync(samples.Talk, "result.mp4", options, new FailingGenerator(clipsUntilThen, new LipSyncException(code, $"{sentence}")), 0.3, notices.Add)
            );
            Assert.Equal((code, sentence), (error.Code, error.Message));
            Assert.Contains("are kept", notices[^1], StringComparison.Ordinal);
            Assert.False(File.Exists(_folder.File("result.mp4")));
        }

        await RunAsync(samples.Talk, "result.mp4", options, new GreyGenerator(1), 0.3, notices.Add);
        Assert.StartsWith("Resuming", notices[^1], StringComparison.Ordinal);
        var undisturbed = await RunAsync(samples.Talk, "undisturbed.mp4", options, new GreyGenerator(1), 0.3);
        Assert.Equal(
            await TestMedia.HashFramesAsync(undisturbed.Output, new VideoReadOptions()),
            await TestMedia.HashFramesAsync(_folder.File("result.mp4"), new VideoReadOptions())
        );
        Assert.Equal(Times(undisturbed.Output), Times(_folder.File("result.mp4")));
    }

    private static List<string> Times(string path)
    {
        var tools = MediaTools.Locate();
        var answer = ToolRun
            .RunAsync(
                tools.Launcher,
                tools.FfprobePath,
                ["-v", "error", "-select_streams", "v:0", "-show_entries", "packet=pts", "-of", "csv=p=0", path],
                1 << 20,
                TestMedia.Token
            )
            .GetAwaiter()
            .GetResult();
        return
        [
            .. Encoding
                .ASCII.GetString(answer.Output)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Trim(',', '\r'))
                .OrderBy(line => long.Parse(line, CultureInfo.InvariantCulture)),
        ];
    }

    private Task<LipSyncResult> RunAsync(
        string video,
        string output,
        LipSyncFileOptions options,
        IFaceGenerator generator,
        double seconds,
        Action<string>? notice = null
    )
    {
        var request = new LipSyncRequest
        {
            Video = video,
            Audio = samples.LongerSound,
            Output = _folder.File(output),
            Options = options,
        };
        var settings = new JobSettings
        {
            SegmentDuration = TimeSpan.FromSeconds(seconds),
            Notice = notice is null ? null : sentence => notice(CommandWords.Say(sentence)),
        };
        return new LipSyncJob(
            request,
            new DeafEncoder(),
            generator,
            new FaceFinder(insightFaceFolder: null),
            progress: null,
            new WorkTimes(),
            settings
        ).RunAsync(TestMedia.Token);
    }

    /// <summary>Fails within a clip, after some of its faces.</summary>
    private sealed class FailingGenerator(int failsAt, Exception failure) : IFaceGenerator
    {
        private readonly GreyGenerator _grey = new(1);

        public int Resolution => _grey.Resolution;

        public int LongestClip => _grey.LongestClip;

        public void Generate(
            IReadOnlyList<RgbImage> faces,
            int firstFrame,
            Tensor audio,
            IReadOnlyList<Memory<float>> generated,
            Action? stepDone,
            CancellationToken cancellationToken
        )
        {
            if (_grey.ClipLengths.Count == failsAt)
            {
                generated[0].Span.Fill(1);
                stepDone?.Invoke();
                throw failure;
            }

            _grey.Generate(faces, firstFrame, audio, generated, stepDone, cancellationToken);
        }
    }
}
