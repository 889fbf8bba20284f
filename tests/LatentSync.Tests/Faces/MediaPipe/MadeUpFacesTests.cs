using LatentSync.Faces;
using LatentSync.Imaging;

namespace LatentSync.Tests.Faces.MediaPipe;

/// <summary>What the landmarker makes of what its networks see, with networks that see what a test wants.</summary>
public sealed class MadeUpFacesTests : IDisposable
{
    private const int Height = 100;

    // One site that both detectors and the mesh see, and another.
    private static readonly RgbImage Both = MadeUpFaceModels.Frame((65, 128), (185, 128));
    private static readonly RgbImage First = MadeUpFaceModels.Frame((65, 128));
    private static readonly RgbImage Second = MadeUpFaceModels.Frame((185, 128));
    private static readonly RgbImage Nothing = MadeUpFaceModels.Frame();

    private readonly MadeUpFaceModels _models = new();

    public void Dispose() => _models.Dispose();

    [Fact]
    public void Find_ReturnsTheFaceOfTheMesh()
    {
        using var landmarker = _models.See(128, 120, Height).Landmarker();
        var face = landmarker.Find(MadeUpFaceModels.Frame((128, 120)))!;
        AssertAt(128, 120, face);
        Assert.Equal(Height, face.Box.Height, 1e-3);
        Assert.Equal(1 / (1 + Math.Exp(-9)), face.Score, 1e-6);

        // The square is 150 pixels wide for the mesh's 192.
        AssertPoint(128 + ((70 - 96) * 150 / 192.0), 120 + ((60 - 96) * 150 / 192.0), face.LeftBrow);
        AssertPoint(128 + ((122 - 96) * 150 / 192.0), 120 + ((60 - 96) * 150 / 192.0), face.RightBrow);
        AssertPoint(128, 120 + (4 * 150 / 192.0), face.Nose);
        AssertPoint(128 + ((66 - 96) * 150 / 192.0), 120 + ((70 - 96) * 150 / 192.0), landmarker.Mesh[33]);
        Assert.Null(landmarker.Find(Nothing));
    }

    [Fact]
    public void Find_RoundsWhereAsked()
    {
        using var landmarker = _models.See(128, 120, Height).Landmarker(roundToPixels: true);
        var face = landmarker.Find(MadeUpFaceModels.Frame((128, 120)))!;
        Assert.Equal(new Point2D(108, 92), face.LeftBrow);
        Assert.Equal(Math.Round(face.Box.Left), face.Box.Left);
    }

    [Fact]
    public void Find_TakesTheLargestFace_ButStaysWithAPerson()
    {
        using var landmarker = _models.See(65, 128, Height).See(185, 128, Height + 20).Landmarker();
        AssertAt(185, 128, landmarker.Find(Both));
        landmarker.Reset();
        AssertAt(65, 128, landmarker.Find(First));
        AssertAt(65, 128, landmarker.Find(Both));
        landmarker.Reset();
        AssertAt(185, 128, landmarker.Find(Both));
    }

    [Fact]
    public void Find_AsksTheSecondDetectorWhereTheFirstSeesNothing()
    {
        using var landmarker = _models.See(65, 128, Height).SeeSecond(185, 128, Height + 20).Landmarker();
        AssertAt(185, 128, landmarker.Find(Second));
        landmarker.Reset();
        AssertAt(65, 128, landmarker.Find(Both));
    }

    /// <summary>Grey is too dark for the detectors, not for the mesh.</summary>
    [Fact]
    public void Find_KeepsAFaceThatOnlyTheMeshSees_WhileItIsThere()
    {
        using var landmarker = _models.See(65, 128, Height).Landmarker();
        var grey = Grey(First);
        Assert.Null(landmarker.Find(grey));
        AssertAt(65, 128, landmarker.Find(First));
        AssertAt(65, 128, landmarker.Find(grey));
        AssertAt(65, 128, landmarker.Find(grey));
        Assert.Null(landmarker.Find(Nothing));
        Assert.Null(landmarker.Find(grey));
        landmarker.Find(First);
        landmarker.Reset();
        Assert.Null(landmarker.Find(grey));
    }

    [Fact]
    public void Detect_AsksTheSecondDetectorForFacesThatAreMissing()
    {
        using var landmarker = _models.See(65, 128, Height).SeeSecond(65, 128, Height).SeeSecond(185, 128, Height).Landmarker();
        var first = Assert.Single(landmarker.Detect(Both));
        Assert.Equal(65, first.Center.X, 1e-3);
        Assert.Single(landmarker.Detect(Both, first));
        Assert.Equal([65, 185], landmarker.Detect(Both, first, first.Move(120, 0)).Select(box => Math.Round(box.Center.X)));
        Assert.Equal(185, Assert.Single(landmarker.Detect(Second)).Center.X, 1e-3);
        Assert.Empty(landmarker.Detect(Nothing));
    }

    [Fact]
    public void Detect_GivesEightFacesAtMost()
    {
        (int X, int Y)[] places = [.. from y in Enumerable.Range(0, 3) from x in Enumerable.Range(0, 3) select (40 + (80 * x), 40 + (80 * y))];
        foreach (var (x, y) in places)
        {
            _models.See(x, y, 40);
        }

        using var landmarker = _models.Landmarker();
        Assert.Equal(IFaceLandmarker.MaximumFaces, landmarker.Detect(MadeUpFaceModels.Frame(places)).Count);
        Assert.Equal(7, landmarker.Detect(MadeUpFaceModels.Frame(places.AsSpan(0, 7))).Count);
    }

    [Fact]
    public void FitAndFitNew_LookAtTheDetectedFaceCloser()
    {
        using var landmarker = _models.See(65, 128, Height).See(185, 128, Height).Landmarker();
        landmarker.Detect(Both);
        AssertAt(185, 128, landmarker.Fit(Both, 1));
        AssertAt(65, 128, landmarker.FitNew(Both, 0));
        Assert.False(landmarker.SeesTurnedFaces);
    }

    /// <summary>Of a face that is followed less is asked than of one that is new.</summary>
    [Theory]
    [InlineData(2.3f, true, true)]
    [InlineData(2.1f, true, false)]
    [InlineData(0.1f, true, false)]
    [InlineData(-0.1f, false, false)]
    public void AMeshThatIsNotSure_IsNoNewFace(float meshLogit, bool isFace, bool isNew)
    {
        using var models = new MadeUpFaceModels { MeshLogit = meshLogit };
        using var landmarker = models.See(128, 128, Height).Landmarker();
        var frame = MadeUpFaceModels.Frame((128, 128));
        landmarker.Detect(frame);
        Assert.Equal(isFace, landmarker.Fit(frame, 0) is not null);
        Assert.Equal(isNew, landmarker.FitNew(frame, 0) is not null);
    }

    /// <summary>In heights of the face; its outer eye corners are 0.469 apart.</summary>
    [Theory]
    [InlineData(0.11, true)]
    [InlineData(-0.11, true)]
    [InlineData(0.13, false)]
    [InlineData(-0.13, false)]
    public void AMeshWhoseEyesAreElsewhere_IsNoNewFace(double eyesOff, bool isNew)
    {
        using var landmarker = _models.See(128, 128, Height, eyesOff: eyesOff).Landmarker();
        var frame = MadeUpFaceModels.Frame((128, 128));
        landmarker.Detect(frame);
        Assert.NotNull(landmarker.Fit(frame, 0));
        Assert.Equal(isNew, landmarker.FitNew(frame, 0) is not null);
    }

    [Fact]
    public void AFaceWhoseBrowsAreSteep_IsTurned()
    {
        foreach (var brow in (int[])[71, 63, 105, 66, 107])
        {
            _models.Move(brow, 118, 36);
        }

        using var landmarker = _models.See(128, 128, Height).Landmarker();
        var frame = MadeUpFaceModels.Frame((128, 128));
        var found = landmarker.Find(frame)!;
        landmarker.Detect(frame);
        Assert.False(landmarker.SeesTurnedFaces);
        Assert.Null(landmarker.Fit(frame, 0));
        Assert.True(landmarker.SeesTurnedFaces);
        Assert.Null(landmarker.FindNear(frame, found));
    }

    [Theory]
    [InlineData(79, 1)]
    [InlineData(81, 0)]
    public void AFaceThatIsTooSmall_IsCounted(int height, int small)
    {
        using var landmarker = _models.See(128, 128, height).Landmarker();
        var frame = MadeUpFaceModels.Frame((128, 128));
        landmarker.Detect(frame);
        Assert.Equal(small == 0, landmarker.Fit(frame, 0) is not null);
        Assert.Equal(small, landmarker.SmallFaces);
    }

    [Fact]
    public void FindNear_SeesAFaceThatNoDetectorSees()
    {
        using var landmarker = _models.See(65, 128, Height).Landmarker();
        var known = landmarker.Find(First)!;
        AssertAt(65, 128, landmarker.FindNear(Grey(First), known));
        Assert.Null(landmarker.FindNear(Second, known));
    }

    /// <summary>A turned frame is looked for once a second; of the looks half have to see a face.</summary>
    [Fact]
    public void WhereNoFaceIsSeen_TurnedOnesAreLookedFor_NowAndThen()
    {
        // What comes to (90, 150) in the frame turned by a quarter.
        using var landmarker = _models.See(90, 150, Height).Landmarker();
        var turned = MadeUpFaceModels.Frame((150, 255 - 90));
        Assert.Empty(landmarker.Detect(turned));
        for (var frame = 1; frame <= 50; frame++)
        {
            Assert.True(landmarker.SeesTurnedFaces, Invariant($"Frame {frame}"));
            landmarker.Detect(Nothing);
        }

        Assert.False(landmarker.SeesTurnedFaces);
    }

    private static RgbImage Grey(RgbImage frame)
    {
        var grey = new RgbImage(frame.Width, frame.Height);
        for (var i = 0; i < frame.Pixels.Length; i++)
        {
            grey.Pixels[i] = Math.Min(frame.Pixels[i], (byte)140);
        }

        return grey;
    }

    private static void AssertAt(double x, double y, FaceLandmarks? face)
    {
        Assert.NotNull(face);
        AssertPoint(x, y, face.Box.Center);
    }

    private static void AssertPoint(double x, double y, Point2D actual)
    {
        Assert.Equal(x, actual.X, 1e-2);
        Assert.Equal(y, actual.Y, 1e-2);
    }
}
