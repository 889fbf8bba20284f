using System.Globalization;
using LatentSync.EndToEndTests.Pipeline;
using LatentSync.Imaging;
using LatentSync.Media.Formats;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.Scoring;
using LatentSync.TestKit;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Cli;

/// <summary><c>latentsync demo</c>: the shipped model on the shipped samples, and the shipped model where no other is named.</summary>
public sealed class DemoTests(DemoResult demo, Samples samples) : IDisposable
{
    private const int Resolution = 256;
    private const double UnchangedDecibels = 40;
    private const double RepaintedDecibels = 38;

    // How far the lips may be off, in frames, and how far is looked.
    private const int LargestOffset = 1;
    private const int OffsetRange = 6;

    // A mouth rendered for this voice has 0.72 with its loudness as the meter sees it, and -0.37 against the reversed voice.
    private const double LeastCorrelation = 0.4;

    // The mesh sees a rendered mouth with 0.89 of its true opening in 6 s.
    private const double LeastTrueCorrelation = 0.5;
    private const double LeastAdvantageOverReversed = 0.2;

    // What a voice changes against silence follows it more closely than a gap between lips that a mesh has to find.
    private const double LeastChangeCorrelation = 0.6;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Result_IsTheSampleWithTheVoice()
    {
        DemoProgram.SkipWithoutModel();
        var result = await demo.FinishAsync();
        Assert.Empty(result.ErrorLines);
        var lines = result.Output.Split('\n');
        Assert.StartsWith(Invariant($"demo.mp4: {DemoProgram.Frames} frames, {DemoProgram.Frames} lip-synced, in "), lines[0], StringComparison.Ordinal);
        Assert.StartsWith("Seconds, partly side by side: decode ", lines[1], StringComparison.Ordinal);
        Assert.Equal($"Play \"{demo.Video}\"; then try your own: latentsync sync --video FILE --audio FILE --out result.mp4", lines[2]);

        var media = await MediaProbe.ProbeAsync(demo.Video, TestMedia.Token);
        var (video, sound) = (media.RequireVideo(), media.RequireAudio());
        Assert.Equal(
            (DemoProgram.Side, DemoProgram.Side, new Rational(Samples.FramesPerSecond, 1)),
            (video.DisplayWidth, video.DisplayHeight, video.AverageFrameRate)
        );
        Assert.Equal((16000, 1), (sound.SampleRate, sound.Channels));
        Assert.InRange(media.Duration!.Value.TotalSeconds, DemoProgram.Seconds - 0.04, DemoProgram.Seconds + 0.04);
    }

    [Fact]
    public async Task OnlyTheMouthRegion_IsPaintedAnew()
    {
        DemoProgram.SkipWithoutModel();
        await demo.FinishAsync();
        var source = await TestMedia.ReadFramesAsync(demo.Program.Video, new VideoReadOptions());
        var result = await TestMedia.ReadFramesAsync(demo.Video, new VideoReadOptions());
        Assert.Equal((DemoProgram.Frames, DemoProgram.Frames), (source.Count, result.Count));
        var areas = FaceAreas.Painted(source, DemoProgram.Side, DemoProgram.Side, Resolution);
        var outside = result.Select((frame, i) => FrameComparison.PsnrOutside(source[i], frame, DemoProgram.Side, areas[i])).ToList();
        var inside = result.Select((frame, i) => FrameComparison.PsnrInside(source[i], frame, DemoProgram.Side, Mouth(areas[i]))).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            Invariant($"Outside the painted region: {outside.Min():0.0} to {outside.Max():0.0} dB; ")
                + Invariant($"mouth: {inside.Min():0.0} to {inside.Max():0.0} dB; first region {areas[0]}.")
        );
        Assert.All(outside, decibels => Assert.InRange(decibels, UnchangedDecibels, double.PositiveInfinity));
        Assert.All(inside, decibels => Assert.InRange(decibels, 0, RepaintedDecibels));
    }

    /// <summary>The voice goes all the way into the picture, and at its time. This does not ask whether it looks like speaking.</summary>
    [Fact(Explicit = true)]
    public async Task WhatTheVoiceChanges_FollowsItsLoudness()
    {
        DemoProgram.SkipWithoutModel();
        await demo.FinishAsync();
        await demo.FinishSilentAsync();
        var voiced = await TestMedia.ReadFramesAsync(demo.Video, new VideoReadOptions());
        var silent = await TestMedia.ReadFramesAsync(demo.SilentVideo, new VideoReadOptions());
        Assert.Equal((DemoProgram.Frames, DemoProgram.Frames), (voiced.Count, silent.Count));
        var voice = await AudioReader.ReadMonoAsync(demo.Program.Audio, TestMedia.Token);
        var (change, loudness) = (voiced.Select((frame, i) => MeanDifference(frame, silent[i])).ToArray(), LoudnessEnvelope.Of(voice, DemoProgram.Frames));
        var (right, reversed) = (
            OffsetSearch.Correlations(change, loudness, OffsetRange),
            OffsetSearch.Correlations(change, [.. loudness.Reverse()], OffsetRange)
        );
        var offset = Array.IndexOf(right, right.Max()) - OffsetRange;
        TestContext.Current.TestOutputHelper?.WriteLine(
            Invariant($"Change against silence: correlation {right.Max():0.00} at {offset} frames, {right[OffsetRange]:0.00} at 0; ")
                + Invariant($"with the loudness reversed {reversed[OffsetRange]:0.00} at 0.")
        );
        Assert.InRange(offset, -LargestOffset, LargestOffset);
        Assert.InRange(right[OffsetRange], LeastChangeCorrelation, 1);
        Assert.InRange(right[OffsetRange] - reversed[OffsetRange], LeastAdvantageOverReversed, 2);
    }

    /// <summary>The purpose of it all.</summary>
    [Fact]
    public async Task Lips_FollowTheVoice()
    {
        DemoProgram.SkipWithoutModel();
        await demo.FinishAsync();
        var reversed = Samples.Make("-i", demo.Program.Audio, "-af", "areverse", _folder.File("reversed.wav"));
        var right = await LipSyncMeter.MeasureAsync(demo.Video, audio: null, progress: null, TestMedia.Token);
        var wrong = await LipSyncMeter.MeasureAsync(demo.Video, reversed, progress: null, TestMedia.Token);
        TestContext.Current.TestOutputHelper?.WriteLine(
            Invariant($"Voice: correlation {right.Correlation:0.00} at {right.OffsetFrames} frames, {right.CorrelationAtZero:0.00} at 0; ")
                + Invariant($"reversed: {wrong.CorrelationAtZero:0.00} at 0.")
        );
        Assert.Equal(DemoProgram.Frames, right.FramesWithFace);
        Assert.InRange(right.OffsetFrames!.Value, -LargestOffset, LargestOffset);
        Assert.InRange(right.Correlation!.Value, LeastCorrelation, 1);
        Assert.InRange(right.Correlation.Value - wrong.CorrelationAtZero!.Value, LeastAdvantageOverReversed, 2);

        var truth = await ReadTrueOpeningAsync();
        var seen = right.Opening.ToArray();
        var (forwards, backwards) = (OffsetSearch.Correlations(seen, truth, OffsetRange), OffsetSearch.Correlations(seen, [.. truth.Reverse()], OffsetRange));
        var offset = Array.IndexOf(forwards, forwards.Max()) - OffsetRange;
        TestContext.Current.TestOutputHelper?.WriteLine(
            Invariant($"True opening: correlation {forwards.Max():0.00} at {offset} frames, {forwards[OffsetRange]:0.00} at 0; ")
                + Invariant($"reversed: {backwards[OffsetRange]:0.00} at 0.")
        );
        Assert.InRange(offset, -LargestOffset, LargestOffset);
        Assert.InRange(forwards[OffsetRange], LeastTrueCorrelation, 1);
        Assert.InRange(backwards[OffsetRange], -1, forwards[OffsetRange] - LeastAdvantageOverReversed);
    }

    [Fact]
    public async Task EarlierResult_IsReplacedOnlyWhenAllowed()
    {
        DemoProgram.SkipWithoutModel();
        await demo.FinishAsync();
        var before = File.GetLastWriteTimeUtc(demo.Video);
        (await demo.Program.RunAsync(demo.Folder, "demo")).AssertFailed(LipSyncErrorCode.OutputFailed, "\"demo.mp4\" exists already", "--overwrite");
        Assert.Equal(before, File.GetLastWriteTimeUtc(demo.Video));
    }

    [Fact]
    public async Task MissingParts_AreExplained()
    {
        using var program = new DemoProgram();
        program.RemoveModel();
        (await program.RunAsync(_folder.Path, "demo")).AssertFailed(
            LipSyncErrorCode.InvalidModel,
            "The built-in model was not found next to the executable",
            "models/demo"
        );
        File.Delete(program.Audio);
        (await program.RunAsync(_folder.Path, "demo")).AssertFailed(LipSyncErrorCode.InvalidInput, program.Audio, "is missing");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task MistakenOption_PointsToTheHelp()
    {
        var result = await CliRun.RunAsync("demo", "--num-frames", "5", "--out", "a.avi");
        Assert.Equal((int)LipSyncErrorCode.InvalidOptions, result.ExitCode);
        Assert.Contains("--num-frames is 5; it must be 4, 8, 12, 16, 20, 24, 28 or 32.", result.ErrorLines);
        Assert.Equal("See \"latentsync demo --help\".", result.ErrorLines[^1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SyncWithoutAModel_UsesTheBuiltInOne_AndSaysSo(bool json)
    {
        DemoProgram.SkipWithoutModel();
        const string notice = "No model was named: using the built-in demonstration model; \"latentsync models pull latentsync-1.6\" gets the full one.";
        var sound = Samples.Make("-i", samples.Sound, "-t", "0.2", _folder.File("short.wav"));
        string[] arguments =
        [
            "sync",
            "--video",
            samples.Talk,
            "--audio",
            sound,
            "--out",
            "result.mp4",
            "--inference-steps",
            "1",
            "--lips-expression",
            "1",
            .. json ? (string[])["--json"] : [],
        ];
        using var run = CliRun.Start(arguments, start => start.WorkingDirectory = _folder.Path);
        var result = await run.FinishAsync();
        Assert.True(result.ExitCode == 0, result.ToString());
        if (json)
        {
            Assert.Empty(result.Error);
            Assert.Equal(("notice", notice), ((string?)result.Events[0]["event"], (string?)result.Events[0]["message"]));
            string[] work = ["decode", "faces", "audio", "vae_encode", "denoise", "vae_decode", "restore", "encode", "wait_for_frames", "wait_for_writer"];
            var seconds = result.Events[^1]["seconds"]!.AsObject();
            Assert.Equal(work, seconds.Select(time => time.Key));
            Assert.InRange((double)seconds["denoise"]!, 0.01, (double)result.Events[^1]["elapsed_seconds"]!);
        }
        else
        {
            Assert.Equal([notice], result.ErrorLines);
        }
    }

    [Fact]
    public async Task BuiltInModel_IsShownAndChecked()
    {
        DemoProgram.SkipWithoutModel();
        var folder = Path.Combine(AppContext.BaseDirectory, "models", "demo");
        Assert.Contains($"demo            built in   ", (await RunAsync("models", "list")).Output, StringComparison.Ordinal);
        var shown = (await RunAsync("models", "show", "demo")).Output;
        Assert.All(["state    built in", $"folder   {folder}", "source   comes with the program", "file     latentsync_unet.pt  "], part =>
            Assert.Contains(part, shown, StringComparison.Ordinal)
        );
        foreach (var checkedFiles in (IEnumerable<CliResult>)[await RunAsync("models", "verify", "demo"), await RunAsync("models", "verify")])
        {
            Assert.Contains($"ok       {Path.Combine(folder, "latentsync_unet.pt")}", checkedFiles.Output, StringComparison.Ordinal);
        }

        Assert.Contains("resolution", (await RunAsync("inspect", "demo")).Output, StringComparison.Ordinal);
        Assert.Contains($"{folder}; sync uses it because no other was named or found", (await RunAsync("doctor")).Output, StringComparison.Ordinal);
        (await StartAsync("models", "pull", "demo")).AssertFailed(
            LipSyncErrorCode.InvalidOptions,
            "comes with the program and cannot be downloaded",
            "latentsync-1.6"
        );
        (await StartAsync("models", "remove", "demo")).AssertFailed(LipSyncErrorCode.InvalidOptions, "comes with the program and cannot be removed");
    }

    [Fact]
    public async Task NameOfTheBuiltInModel_IsNotGivenToAnother() =>
        (await StartAsync("models", "import", samples.Models, "--name", "demo")).AssertFailed(
            LipSyncErrorCode.InvalidOptions,
            "\"demo\"",
            "choose another name with --name"
        );

    /// <summary>How far the lips are open when the sample head speaks the sample voice, as the renderer knows it.</summary>
    private static async Task<double[]> ReadTrueOpeningAsync()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Data", "voice-opening.csv"), TestMedia.Token);
        return [.. lines.Where(line => !line.StartsWith('#')).Take(DemoProgram.Frames).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
    }

    /// <summary>Where the lips are in the painted region; around them only what moves is painted.</summary>
    private static PixelRectangle Mouth(PixelRectangle painted) =>
        new(
            painted.Left + (int)(0.32 * painted.Width),
            painted.Top + (int)(0.08 * painted.Height),
            painted.Left + (int)(0.68 * painted.Width),
            painted.Top + (int)(0.4 * painted.Height)
        );

    private static double MeanDifference(byte[] a, byte[] b)
    {
        Assert.Equal(DemoProgram.Side * DemoProgram.Side * RgbImage.Channels, a.Length);
        Assert.Equal(a.Length, b.Length);
        return a.Zip(b, (x, y) => Math.Abs(x - y)).Average();
    }

    private async Task<CliResult> RunAsync(params string[] arguments)
    {
        var result = await StartAsync(arguments);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }

    private async Task<CliResult> StartAsync(params string[] arguments)
    {
        using var run = CliRun.Start(arguments, start => start.WorkingDirectory = _folder.Path);
        return await run.FinishAsync();
    }
}
