using LatentSync.Faces;
using LatentSync.Faces.MediaPipe;
using LatentSync.Imaging;
using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Faces;

public sealed class MediaPipeFaceLandmarkerTests(SpeakerFrames frames) : IClassFixture<SpeakerFrames>, IDisposable
{
    private const int Width = SpeakerFrames.CloseUpWidth;
    private const int Height = SpeakerFrames.CloseUpHeight;

    private static readonly double[] Angles = [30, -60];
    private static readonly double[] Scales = [0.5, 1.7];
    private static readonly (double X, double Y)[] Cuts = [(0.2, 0), (-0.2, 0), (0, 0.3)];

    private readonly MediaPipeFaceLandmarker _landmarker = new(FaceModelFiles.DefaultFolder);

    public static TheoryData<string> Videos { get; } = [.. SpeakerFrames.Videos];

    public static MatrixTheoryData<string, double> TurnedVideos { get; } = new(SpeakerFrames.Videos, Angles);

    public static MatrixTheoryData<string, double> ScaledVideos { get; } = new(SpeakerFrames.Videos, Scales);

    public static MatrixTheoryData<string, (double X, double Y)> CutVideos { get; } = new(SpeakerFrames.Videos, Cuts);

    public void Dispose() => _landmarker.Dispose();

    [Theory]
    [MemberData(nameof(Videos))]
    public void Find_InEveryFrame_SeesTheSpeaker(string video)
    {
        FaceLandmarks? previous = null;
        foreach (var frame in frames.Frames(video))
        {
            var face = _landmarker.Find(frame);
            Assert.NotNull(face);
            Assert.True(face.Score > 0.95, FormattableString.Invariant($"score {face.Score}"));
            AssertPlausible(face);
            Assert.True(previous is null || face.Box.Overlap(previous.Box) > 0.2, "The face jumped.");
            previous = face;
        }
    }

    /// <summary>Both detectors, which were converted in different ways, must agree on where the face is.</summary>
    [Theory]
    [MemberData(nameof(Videos))]
    public void Detectors_AgreeWithTheMesh(string video)
    {
        using var back = new BlazeFaceDetector(BlazeFaceVariant.Back, FaceModelFiles.DefaultFolder);
        using var fullRange = new BlazeFaceDetector(BlazeFaceVariant.FullRange, FaceModelFiles.DefaultFolder);
        foreach (var frame in frames.CloseUps(video))
        {
            var (a, b) = (Assert.Single(back.Detect(frame)), Assert.Single(fullRange.Detect(frame)));
            var mesh = Find(frame);
            Assert.True(a.Box.Overlap(b.Box) > 0.6, $"{a.Box} {b.Box}");
            Assert.True(a.Box.Overlap(mesh.Box) > 0.5, $"{a.Box} {mesh.Box}");
            Assert.InRange(Distance(a.LeftEye, b.LeftEye) / Distance(a.LeftEye, a.RightEye), 0, 0.15);
            Assert.InRange(Distance(a.RightEye, b.RightEye) / Distance(a.LeftEye, a.RightEye), 0, 0.15);
        }
    }

    /// <summary>
    /// The whole search is repeated on frames that were shifted, turned and scaled by known amounts and have noise; the
    /// points, taken back, should not move. Measured: 0.15 % of the distance between the eyes.
    /// </summary>
    [Theory]
    [MemberData(nameof(Videos))]
    public void Points_UnderKnownMotion_AreSteady(string video)
    {
        const int Trials = 10;
        const double Limit = 0.0025;
        var (random, variances) = (new Random(17), new List<double>());
        foreach (var frame in frames.CloseUps(video))
        {
            var truth = Find(frame);
            var eyes = Distance(_landmarker.Mesh[FaceMeshLandmarks.LeftEyeOuterCorner], _landmarker.Mesh[FaceMeshLandmarks.RightEyeOuterCorner]);
            var points = new List<Point2D[]>();
            for (var trial = 0; trial < Trials; trial++)
            {
                var motion = Motion(truth.Nose, Uniform(random, 2.3 * Math.PI / 180), 1 + Uniform(random, 0.03), Uniform(random, 4), Uniform(random, 4));
                var moved = Find(TestFrames.Warp(frame, motion, Width, Height, noise: 2, seed: trial));
                var back = motion.Invert();
                points.Add([back.Apply(moved.LeftBrow), back.Apply(moved.RightBrow), back.Apply(moved.Nose)]);
            }

            for (var point = 0; point < 3; point++)
            {
                var index = point;
                variances.Add(Variance(points.Select(set => set[index].X)) / (eyes * eyes));
                variances.Add(Variance(points.Select(set => set[index].Y)) / (eyes * eyes));
            }
        }

        var jitter = Math.Sqrt(variances.Average());
        TestContext.Current.SendDiagnosticMessage(
            FormattableString.Invariant($"Jitter under known motion: {100 * jitter:f3} % of the distance between the eyes.")
        );
        Assert.InRange(jitter, 0, Limit);
    }

    [Theory]
    [MemberData(nameof(TurnedVideos))]
    public void Find_InATurnedFrame_TurnsThePoints(string video, double degrees)
    {
        var truth = Find(frames.CloseUps(video)[0]);
        var motion = Motion(truth.Nose, degrees * Math.PI / 180, 1, 0, 0);
        AssertMoved(truth, motion, TestFrames.Warp(frames.CloseUps(video)[0], motion, Width, Height), 0.03);
    }

    [Theory]
    [MemberData(nameof(ScaledVideos))]
    public void Find_InAScaledFrame_ScalesThePoints(string video, double scale)
    {
        var truth = Find(frames.CloseUps(video)[0]);
        var motion = new AffineTransform(scale, 0, 0, 0, scale, 0);
        AssertMoved(truth, motion, TestFrames.Warp(frames.CloseUps(video)[0], motion, (int)(Width * scale), (int)(Height * scale)), 0.03);
    }

    [Theory]
    [MemberData(nameof(CutVideos))]
    public void Find_WhereTheEdgeCutsTheFace_StillSeesIt(string video, (double X, double Y) cut)
    {
        var (cutX, cutY) = cut;
        var truth = Find(frames.CloseUps(video)[0]);
        var (left, bottom) = (cutX < 0 ? truth.Box.Left - (cutX * truth.Box.Width) : 0, truth.Box.Bottom - (cutY * truth.Box.Height));
        var (width, height) = (cutX > 0 ? (int)(truth.Box.Right - (cutX * truth.Box.Width)) : Width - (int)left, cutY > 0 ? (int)bottom : Height);
        var motion = AffineTransform.Identity.Translate(-Math.Floor(left), 0);
        _landmarker.Reset();
        AssertMoved(truth, motion, TestFrames.Warp(frames.CloseUps(video)[0], motion, width, height), 0.25);
    }

    [Theory]
    [MemberData(nameof(Videos))]
    public void Find_OfAFaceTooSmallToSync_IsNull(string video)
    {
        const double Scale = 0.25;
        Assert.Null(
            _landmarker.Find(
                TestFrames.Warp(frames.CloseUps(video)[0], new AffineTransform(Scale, 0, 0, 0, Scale, 0), (int)(Width * Scale), (int)(Height * Scale))
            )
        );
    }

    [Theory]
    [MemberData(nameof(Videos))]
    public void Find_WithTwoPeople_StaysWithTheOneBefore(string video)
    {
        var (first, truth) = (frames.CloseUps(video)[0], Find(frames.CloseUps(video)[0]));
        var crowd = new RgbImage(2 * Width, Height);
        var smaller = TestFrames.Warp(first, Motion(truth.Nose, 0, 0.8, 0, 0), Width, Height);
        for (var y = 0; y < Height; y++)
        {
            smaller.Row(y).CopyTo(crowd.Row(y));
            first.Row(y).CopyTo(crowd.Row(y)[smaller.Stride..]);
        }

        var stayed = _landmarker.Find(crowd);
        _landmarker.Reset();
        var largest = _landmarker.Find(crowd);

        Assert.True(stayed!.Nose.X < Width, "The face of the frame before was dropped.");
        Assert.True(largest!.Nose.X > Width, "After a reset the largest face wins.");
    }

    [Theory]
    [MemberData(nameof(Videos))]
    public void Find_WithRounding_RoundsToPixels(string video)
    {
        using var rounding = new MediaPipeFaceLandmarker(FaceModelFiles.DefaultFolder, roundToPixels: true);
        var (exact, rounded) = (Find(frames.CloseUps(video)[0]), rounding.Find(frames.CloseUps(video)[0]));
        Assert.Equal(Math.Round(rounded!.Nose.X), rounded.Nose.X);
        Assert.Equal(exact.Nose.X, rounded.Nose.X, 1.0);
        Assert.NotEqual(exact.Nose, rounded.Nose);
    }

    private static void AssertPlausible(FaceLandmarks face)
    {
        Assert.True(face.LeftBrow.X < face.Nose.X && face.Nose.X < face.RightBrow.X, face.ToString());
        Assert.True(face.LeftBrow.Y < face.Nose.Y && face.RightBrow.Y < face.Nose.Y, face.ToString());
        Assert.True(face.Box.Left < face.LeftBrow.X && face.RightBrow.X < face.Box.Right && face.Nose.Y < face.Box.Bottom, face.ToString());
    }

    private FaceLandmarks Find(RgbImage frame)
    {
        var face = _landmarker.Find(frame);
        Assert.NotNull(face);
        return face;
    }

    /// <summary>The points must be where the motion took them, within a share of the distance between the brows.</summary>
    private void AssertMoved(FaceLandmarks truth, AffineTransform motion, RgbImage frame, double tolerance)
    {
        var face = Find(frame);
        var limit = tolerance * Distance(motion.Apply(truth.LeftBrow), motion.Apply(truth.RightBrow));
        Assert.InRange(Distance(motion.Apply(truth.LeftBrow), face.LeftBrow), 0, limit);
        Assert.InRange(Distance(motion.Apply(truth.RightBrow), face.RightBrow), 0, limit);
        Assert.InRange(Distance(motion.Apply(truth.Nose), face.Nose), 0, limit);
    }

    /// <summary>Turns and scales around a point, then shifts.</summary>
    private static AffineTransform Motion(Point2D center, double angle, double scale, double shiftX, double shiftY)
    {
        var (sin, cos) = Math.SinCos(angle);
        var (a, b) = (scale * cos, scale * sin);
        return new AffineTransform(a, -b, center.X - (a * center.X) + (b * center.Y) + shiftX, b, a, center.Y - (b * center.X) - (a * center.Y) + shiftY);
    }

    private static double Uniform(Random random, double amplitude) => ((random.NextDouble() * 2) - 1) * amplitude;

    private static double Distance(Point2D a, Point2D b) => Math.Sqrt(((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y)));

    private static double Variance(IEnumerable<double> values)
    {
        var list = values.ToList();
        var mean = list.Average();
        return list.Sum(value => (value - mean) * (value - mean)) / (list.Count - 1);
    }
}
