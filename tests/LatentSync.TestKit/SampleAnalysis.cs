using LatentSync.Faces.Tracking;
using LatentSync.Imaging;
using LatentSync.Jobs;
using LatentSync.Media.Write;
using LatentSync.Pipeline.FileJob;
using LatentSync.Pipeline.Flow.Frames;
using LatentSync.Pipeline.Segments;

namespace LatentSync.TestKit;

/// <summary>A small analysis with all there can be in one: five frames of a video, forward and backward in two segments.</summary>
internal static class SampleAnalysis
{
    public static StoredAnalysis Create()
    {
        var counts = new FrameCounts();
        counts.Add(FrameFate.Synced, 4);
        counts.Add(FrameFate.Bridged, 1);
        counts.Add(FrameFate.NoFace, 3);
        return new StoredAnalysis
        {
            Job = new JobDescription
            {
                Output = string.Empty,
                Options = new Dictionary<string, string>(StringComparer.Ordinal) { ["Seed"] = "5" },
                Facts = new Dictionary<string, string>(StringComparer.Ordinal) { ["model"] = "m" },
                Inputs = new Dictionary<string, string>(StringComparer.Ordinal) { ["Video"] = "v" },
            },
            Video = FrameTimes.Create(30000, [0, 1001, 2002, 3300, 4004], 5005),
            HasEnded = true,
            Offset = 17,
            Plans = StoredPlans.Of(new Timeline()),
            Order = [new(0, 0), new(1, 1001), new(2, 2002), new(3, 3300), new(4, 4004), new(4, 5005), new(3, 6006), new(2, 6710)],
            Last = new LastFrame(6710, 8008),
            Segments = [new SegmentEntry(5, 0, 5005), new SegmentEntry(3, 5005, 8008)],
            Samples = 4271,
            ReferenceFrames = 9,
            Encoder = VideoEncoderKind.Software,
            Counts = counts,
            Cuts = 1,
            Unusable = new UnusableFaces(3, AreTurned: true),
            VideoDamage = new StoredDamage(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(3), IsBrokenOff: true, "moov"),
            SoundDamage = null,
        };
    }

    private sealed class Timeline : IFaceTimeline
    {
        private static readonly AffineTransform Alignment = new(0.25, -0.1, 17, 0.1, 0.25, -3);

        public int Planned => 5;

        public int Cuts => 1;

        public FramePlan this[int frame] =>
            frame switch
            {
                0 => new FramePlan(StartsShot: true, [new FacePlan(FrameFate.NoFace, StartsShot: true, 0, AffineTransform.Identity)]),
                1 => new FramePlan(StartsShot: false, [new FacePlan(FrameFate.Synced, StartsShot: false, 0.25f, Alignment)]),
                2 => new FramePlan(StartsShot: false, [new FacePlan(FrameFate.Bridged, StartsShot: false, 1, Alignment)]),
                3 => new FramePlan(
                    StartsShot: true,
                    [
                        new FacePlan(FrameFate.Synced, StartsShot: true, 1, Alignment),
                        new FacePlan(FrameFate.TurnedAway, StartsShot: true, 0, AffineTransform.Identity),
                    ]
                ),
                _ => new FramePlan(
                    StartsShot: false,
                    [
                        new FacePlan(FrameFate.Synced, StartsShot: false, 1, Alignment.Translate(0.5, 1)),
                        new FacePlan(FrameFate.NoFace, StartsShot: false, 0, AffineTransform.Identity),
                    ]
                ),
            };

        public void Add(RgbImage frame, long start) { }

        public void End() { }
    }
}
