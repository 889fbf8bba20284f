using LatentSync.Audio;
using LatentSync.Backends;
using LatentSync.Faces;
using LatentSync.Faces.Tracking;
using LatentSync.Imaging;
using LatentSync.Media.Write;
using LatentSync.Pipeline.Analysis;
using LatentSync.Pipeline.FileJob;
using LatentSync.Pipeline.Flow;
using LatentSync.Pipeline.Flow.Frames;
using LatentSync.Pipeline.Segments;
using LatentSync.Progress;
using LatentSync.Restoration;
using LatentSync.Tensors;
using LatentSync.Tests.Audio;
using LatentSync.Tests.Pipeline.Flow;
using LatentSync.Timeline;

namespace LatentSync.Tests.Pipeline.Segments;

/// <summary>The same flow over the whole video and over each part of it that begins where a clip does.</summary>
public class SegmentFlowTests
{
    private const int ClipLength = 4;
    private const int Frames = 30;
    private const int Resolution = FlowSetup.Resolution;

    private static readonly Dictionary<string, Setup> Setups = new(StringComparer.Ordinal)
    {
        ["a face throughout"] = new(),
        ["gaps"] = new() { WithoutFace = [5, 6, 12, 13, 14, 15, 16, 17, 18, 19, 25] },
        ["turned away"] = new() { Turned = [3, 4, 16, 17, 18, 29] },
        ["a cut"] = new() { CutAt = 11 },
        ["a second person for a while"] = new() { Second = frame => frame is > 4 and < 19, Choice = FaceChoice.All },
        ["no face"] = new() { WithoutFace = [.. Enumerable.Range(0, Frames)] },
        ["60 frames a second"] = new() { Rate = new FrameRate(60, 1) },
        ["10 frames a second"] = new() { Rate = new FrameRate(10, 1) },
        ["24 frames a second, gaps"] = new() { Rate = new FrameRate(24, 1), WithoutFace = [5, 6, 12, 13, 14, 15, 16, 17, 18, 19] },
        ["pauses"] = new() { IsQuiet = true },
        ["parity"] = new() { Parity = true, WithoutFace = [7] },
    };

    public static TheoryData<string, LipSyncLoop> Cases { get; } = [.. from name in Setups.Keys from loop in Enum.GetValues<LipSyncLoop>() select (name, loop)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task APart_IsTheSameAsWithinTheWhole(string name, LipSyncLoop loop)
    {
        var setup = Setups[name];
        var (whole, order, timeline, times) = await WholeAsync(setup, loop, new TellingGenerator(), new FakeRestorerOfAll());
        var places = whole.Index().Where(frame => frame.Item.MayCut).Select(frame => frame.Index).Append(whole.Count).ToList();
        Assert.Equal(0, places[0]);
        foreach (
            var (first, next) in from i in Enumerable.Range(0, places.Count - 1)
            from length in (int[])[1, 3]
            where i + length < places.Count
            select (places[i], places[i + length])
        )
        {
            Assert.Equal(whole[first..next], await PartAsync(setup, order[first..next], timeline, times));
        }
    }

    /// <summary>Looking alone finds the same order, plans and places to cut as the work does.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Looking_FindsWhatTheWorkDoes(string name, LipSyncLoop loop)
    {
        var setup = Setups[name];
        var (whole, order, timeline, _) = await WholeAsync(setup, loop, new TellingGenerator(), new FakeRestorerOfAll());
        var (looked, lookedOrder, lookedTimeline, _) = await WholeAsync(setup, loop, new BlankGenerator(Resolution), new NoRestorer());
        Assert.Equal(order, lookedOrder);
        Assert.Equal(whole.Select(frame => (frame.MayCut, frame.Start)), looked.Select(frame => (frame.MayCut, frame.Start)));
        Assert.True(StoredPlans.Of(timeline).Bytes.SequenceEqual(StoredPlans.Of(lookedTimeline).Bytes));
    }

    private static async Task<(List<Written> Whole, List<FrameMoment> Order, IFaceTimeline Timeline, FrameTimes Times)> WholeAsync(
        Setup setup,
        LipSyncLoop loop,
        IFaceGenerator generator,
        IFaceRestorer restorer
    )
    {
        var pool = new FramePool(4, 2);
        var ticks = (long)(1.7 * Frames * setup.Rate.Denominator);
        var schedule = FrameSchedule.Create(LipSyncLength.Audio, loop, ticks, setup.Rate.Numerator);
        var source = new ScheduledFrames(setup.Video.Open, pool, segmentLength: 3, schedule, setup.Clock);
        var (order, timeline) = (new RecordedOrder(source), setup.Timeline);
        var written = await RunAsync(setup, pool, order, timeline, generator, restorer);
        return (written, [.. order.Frames], timeline, source.Read);
    }

    private static Task<List<Written>> PartAsync(Setup setup, List<FrameMoment> part, IFaceTimeline timeline, FrameTimes times)
    {
        var pool = new FramePool(4, 2);
        var plans = StoredPlans.Of(timeline);
        var stored = new StoredTimeline(StoredPlans.Parse(plans.Bytes.ToArray(), plans.Count)!, timeline.Cuts);
        var frames = new RecordedFrames(new VideoFrames(setup.Video.Open, pool), pool, 3, times, part);
        return RunAsync(setup, pool, frames, stored, new TellingGenerator(), new FakeRestorerOfAll());
    }

    private static async Task<List<Written>> RunAsync(
        Setup setup,
        FramePool pool,
        IFrameSequence source,
        IFaceTimeline timeline,
        IFaceGenerator generator,
        IFaceRestorer restorer
    )
    {
        var audio = FrameAudio.Create(TestSignals.Sweep(10 * LogMel.SampleRate), new FakeEncoder(), parity: false);
        var context = new FlowContext(
            setup.Clock,
            ClipLength,
            new FlowPools(pool, new FramePool(Resolution, Resolution), new GeneratedFacePool(Resolution)),
            new WorkTimes(),
            new FlowProgress(ProgressMeter.Silent(LipSyncStage.Faces), ProgressMeter.Silent(LipSyncStage.Diffusion), ProgressMeter.Silent(LipSyncStage.Output))
        );
        var preparation = new PreparationInputs
        {
            Source = source,
            Timeline = timeline,
            Cropper = new FaceCropper(Resolution),
            ModelFrames = audio.FrameCount,
            Quiet = setup.IsQuiet ? QuietSpans.Find([1, 1, .. new float[20], 1, 1, 1, 1], 0.3, thenSilence: false) : null,
        };
        var writer = new Recorder();
        await using var closing = writer;
        await new FrameFlow(context, preparation, new GenerationInputs(generator, audio, Steps: 1), new FinishingInputs(restorer, writer)).RunAsync(
            TestContext.Current.CancellationToken
        );
        return writer.Frames;
    }

    private sealed record Setup
    {
        public int[] WithoutFace { get; init; } = [];

        public int[] Turned { get; init; } = [];

        public int? CutAt { get; init; }

        public Func<int, bool> Second { get; init; } = _ => false;

        public FaceChoice Choice { get; init; } = FaceChoice.Largest;

        public FrameRate Rate { get; init; } = FrameRate.Model;

        public bool IsQuiet { get; init; }

        public bool Parity { get; init; }

        public FrameClock Clock => FrameClock.Of(Rate);

        public FakeVideo Video => new(Frames) { CutAt = CutAt, Starts = [.. Enumerable.Range(0, Frames).Select(i => (long)i * Rate.Denominator)] };

        public IFaceTimeline Timeline
        {
            get
            {
                var landmarker = new FakeLandmarker(WithoutFace) { Turned = Turned, Second = Second };
                return Parity ? new ReferenceTimeline(landmarker, Resolution) : new FaceTimeline(landmarker, Resolution, Choice, 5, Clock);
            }
        }
    }

    /// <summary>A frame as it was written, with all that was painted into it.</summary>
    private sealed record Written(byte Value, byte Painted, long Start, bool MayCut, bool IsPainted);

    private sealed class Recorder : IFrameWriter
    {
        private bool _mayCut;

        public List<Written> Frames { get; } = [];

        public ValueTask WriteAsync(RgbImage frame, long start, CancellationToken cancellationToken) => Add(frame, start, isPainted: true);

        public ValueTask PassAsync(RgbImage frame, long start, CancellationToken cancellationToken) => Add(frame, start, isPainted: false);

        public ValueTask MayCutAsync(long start, CancellationToken cancellationToken)
        {
            _mayCut = true;
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private ValueTask Add(RgbImage frame, long start, bool isPainted)
        {
            Frames.Add(new Written(frame.Pixels[0], frame.Pixels[^1], start, _mayCut, isPainted));
            _mayCut = false;
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Leaves in the last byte a digest of everything it was given.</summary>
    private sealed class FakeRestorerOfAll : IFaceRestorer
    {
        public void Restore(RgbImage frame, AffineTransform alignment, ReadOnlyMemory<float> face, float weight, PaintedMask? mask = null)
        {
            // Not HashCode, whose values differ between processes.
            var sum = frame.Pixels[^1] + (31 * face.Span[0]) + (17 * face.Span[^1]) + (101 * weight) + (7 * alignment.M13) + (3 * alignment.M11);
            frame.Pixels[^1] = (byte)((long)Math.Round(sum * 64) % 251);
        }
    }

    /// <summary>Makes faces that tell of the whole clip, its place and its sound.</summary>
    private sealed class TellingGenerator : IFaceGenerator
    {
        public int Resolution => SegmentFlowTests.Resolution;

        public int LongestClip => 3;

        public void Generate(
            IReadOnlyList<RgbImage> faces,
            int firstFrame,
            Tensor audio,
            IReadOnlyList<Memory<float>> generated,
            Action? stepDone,
            CancellationToken cancellationToken
        )
        {
            var clip = faces.Sum(face => face.Pixels.Sum(value => (long)value));
            for (var i = 0; i < faces.Count; i++)
            {
                generated[i].Span.Fill((clip % 97) + (faces.Count * 100));
                generated[i].Span[0] = firstFrame + i + audio.Row(i)[0];
            }
        }
    }
}
