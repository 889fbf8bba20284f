using LatentSync.Cli.Batch;
using LatentSync.TestKit;

namespace LatentSync.Tests.Cli;

public sealed class BatchPlanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BatchPlanTests()
    {
        foreach (var name in (string[])["a.mp4", "b.mp4", "voice.wav", "old.mp4"])
        {
            File.WriteAllText(_folder.File(name), "x");
        }

        Directory.CreateDirectory(_folder.File("model"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Jobs_AreRequests_WithDefaultsAndPathsBesideTheFile()
    {
        var jobs = Plan(
            """
            defaults: {audio: voice.wav, models: model, num_frames: 8, codec: hevc, device: cpu, memory_warnings: "6,8"}
            jobs:
              - {video: a.mp4, out: one.mp4, face: "left:2", strict: true, audio_start: 1.5}
              - {video: b.mp4, out: two.mkv, num-frames: 12, mix: -20, float32: true}
              - {video: b.mp4, out: three.mp4}
            """
        );
        Assert.Equal([1, 2, 3], jobs.Select(job => job.Number));
        var (first, second) = (jobs[0].Request, jobs[1].Request);
        Assert.Equal((_folder.File("a.mp4"), _folder.File("voice.wav"), _folder.File("one.mp4")), (first.Video, first.Audio, first.Output));
        Assert.Equal(
            (8, VideoCodec.Hevc, "left:2", true, 1.5),
            (
                first.Options.Sampling.NumFrames,
                first.Options.Encoding.Codec,
                first.Options.Faces.Face.ToString(),
                first.Options.Strict,
                first.Options.AudioStart
            )
        );
        Assert.Equal((12, -20.0, false), (second.Options.Sampling.NumFrames, second.Options.MixLevel, second.Options.Strict));
        Assert.Equal(_folder.File("model"), jobs[0].Engine.ModelFolder);
        Assert.Equal(jobs[0].Engine, jobs[2].Engine);
        Assert.NotEqual(jobs[0].Engine, jobs[1].Engine);
    }

    [Fact]
    public void AllMistakes_ComeAtOnce_WithJobAndLine()
    {
        var error = Assert.Throws<LipSyncException>(() =>
            Plan(
                """
                defaults: {audio: voice.wav, models: model, colour: red}
                jobs:
                  - {video: a.mp4, out: one.avi, num_frames: 5}
                  - {vidio: a.mp4, out: two.mp4}
                  - {out: three.mp4, seed: x}
                  - {video: gone.mp4, out: four.mp4}
                  - {video: a.mp4, out: five.mp4}
                  - {video: b.mp4, out: ./five.mp4}
                  - {video: a.mp4, out: nowhere/six.mp4}
                  - {video: a.mp4, out: seven.mp4, models: model2}
                """
            )
        );
        Assert.Equal(LipSyncErrorCode.InvalidOptions, error.Code);
        var lines = error.Message.Split(Environment.NewLine);
        string[] expected =
        [
            "defaults (line 1): \"colour\" is no option of a job; see \"latentsync sync --help\".",
            "job 1 (line 3): --num-frames is 5; it must be 4, 8, 12, 16, 20, 24, 28 or 32.",
            $"job 1 (line 3): \"{_folder.File("one.avi")}\" cannot be written because its ending is none of .mp4, .mov, .mkv; choose one of these.",
            "job 2 (line 4): \"vidio\" is no option of a job; did you mean video? See \"latentsync sync --help\".",
            "job 3 (line 5): Option '--video' is required.",
            "job 3 (line 5): --seed is x; it must be a whole number from 0 to 18446744073709551615.",
            $"job 4 (line 6): \"{_folder.File("gone.mp4")}\" does not exist; check the path.",
            $"job 6 (line 8): \"{_folder.File("five.mp4")}\" is the output of job 5 too; give each its own.",
            $"job 7 (line 9): the folder of \"{_folder.File("nowhere/six.mp4")}\" does not exist; create it first.",
        ];
        Assert.All(expected, line => Assert.Contains(line, lines));
        Assert.StartsWith("Nothing was started; correct ", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsThere_IsDone_AndItsInputsMayBeGone()
    {
        const string text =
            "[{video: gone.mp4, audio: gone.wav, models: model, out: old.mp4}, {video: old.mp4, audio: voice.wav, models: model, out: new.mp4}]";
        var jobs = Plan(text);
        Assert.Equal([true, false], jobs.Select(job => job.IsDone));
        Assert.Throws<LipSyncException>(() => Plan(text, overwrite: true));
        Assert.False(Assert.Single(Plan("[{video: a.mp4, audio: voice.wav, models: model, out: old.mp4, overwrite: true}]")).IsDone);
    }

    [Fact]
    public void AnInput_MayBeTheOutputOfAnEarlierJob()
    {
        Assert.Equal(
            2,
            Plan("[{video: a.mp4, audio: voice.wav, models: model, out: x.mp4}, {video: x.mp4, audio: voice.wav, models: model, out: y.mp4}]").Count
        );
        Assert.Throws<LipSyncException>(() =>
            Plan("[{video: x.mp4, audio: voice.wav, models: model, out: y.mp4}, {video: a.mp4, audio: voice.wav, models: model, out: x.mp4}]")
        );
    }

    [Theory]
    [InlineData(LipSyncErrorCode.OutputFailed, true)]
    [InlineData(LipSyncErrorCode.MediaToolFailed, true)]
    [InlineData(LipSyncErrorCode.InferenceFailed, true)]
    [InlineData(LipSyncErrorCode.InvalidInput, false)]
    [InlineData(LipSyncErrorCode.InvalidModel, false)]
    [InlineData(LipSyncErrorCode.NoFace, false)]
    [InlineData(LipSyncErrorCode.Internal, false)]
    public void Retries_OnlyOfWhatMayPass(LipSyncErrorCode code, bool expected) => Assert.Equal(expected, BatchRun.MayPass(code));

    private IReadOnlyList<BatchJob> Plan(string yaml, bool overwrite = false)
    {
        var path = _folder.File("jobs.yaml");
        File.WriteAllText(path, yaml);
        return new BatchPlan(path, overwrite, _ => { }).Create(BatchFile.Read(path));
    }
}
