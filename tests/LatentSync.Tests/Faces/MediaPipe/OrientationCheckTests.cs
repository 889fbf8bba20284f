using LatentSync.Faces;
using LatentSync.Faces.MediaPipe;
using LatentSync.Imaging;

namespace LatentSync.Tests.Faces.MediaPipe;

/// <summary>A detector that sees faces at one place only: which of a turned frame comes there, the test works out.</summary>
public class OrientationCheckTests
{
    // Where the detector sees, and where in the frame lies what comes there when it is turned clockwise by quarters.
    private const int X = 90;
    private const int Y = 150;

    public static TheoryData<int, int> Turned { get; } =
        new()
        {
            { Y, 255 - X },
            { 255 - X, 255 - Y },
            { 255 - Y, X },
        };

    [Theory]
    [MemberData(nameof(Turned))]
    public void Look_SeesAFaceInWhateverPositionOfTheFrame(int x, int y)
    {
        using var models = new MadeUpFaceModels();
        using var detector = models.See(X, Y, 100).Detector();
        var looked = new List<FaceDetection>();
        var check = new OrientationCheck(detector, (turned, found) =>
        {
            looked.Add(found);
            Assert.Equal(255, turned.Row(Y)[X * RgbImage.Channels]);
            return true;
        });
        check.Look(MadeUpFaceModels.Frame((x, y)));
        Assert.Equal((1, 1), (check.Looks, check.TurnedFaces));
        Assert.Equal(X, Assert.Single(looked).Box.Center.X, 1e-3);
    }

    [Fact]
    public void Look_CountsWhatIsNoFaceOnACloserLook_AndWhatIsUpright_AsNone()
    {
        using var models = new MadeUpFaceModels();
        using var detector = models.See(X, Y, 100).Detector();
        var check = new OrientationCheck(detector, (_, _) => false);
        check.Look(MadeUpFaceModels.Frame((Y, 255 - X)));
        check.Look(MadeUpFaceModels.Frame((X, Y)));
        Assert.Equal((2, 0), (check.Looks, check.TurnedFaces));
    }

    [Theory]
    [InlineData(1.8f, 1)]
    [InlineData(1.7f, 0)]
    public void Look_WantsTheDetectorToBeSure(float logit, int turned)
    {
        // 0.858 and 0.846.
        using var models = new MadeUpFaceModels();
        using var detector = models.See(X, Y, 100, logit).Detector();
        var check = new OrientationCheck(detector, (_, _) => true);
        check.Look(MadeUpFaceModels.Frame((Y, 255 - X)));
        Assert.Equal(turned, check.TurnedFaces);
    }

    /// <summary>A wide frame is turned into a high one, and its places back into the wide one.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void IsUpright_ComparesWithTheSamePlaceOfTheTurnedFrame(int index)
    {
        // As high as wide in the network's square, so twice as large in the frame and with half of a square above.
        var (x, y) =
            index == 1 ? (511 - (2 * X), 255 - (2 * (Y - 64)))
            : index == 0 ? (2 * Y, 255 - (2 * (X - 64)))
            : (511 - (2 * Y), 2 * (X - 64));
        using var models = new MadeUpFaceModels();
        using var detector = models.See(X, Y, 50).Detector();
        var check = new OrientationCheck(detector, (_, _) => throw new InvalidOperationException("This is no closer look."));
        var frame = MadeUpFaceModels.FrameOf(512, 256, (x, y));
        Assert.False(check.IsUpright(frame, Face(x, y, 0.7)));
        Assert.True(check.IsUpright(frame, Face(x > 256 ? x - 200 : x + 200, y, 0.7)));
        Assert.Equal((2, 1), (check.Looks, check.TurnedFaces));
    }

    [Theory]
    [InlineData(0.85, true, 0)]
    [InlineData(0.84, false, 1)]
    public void IsUpright_BelievesASureDetector(double score, bool isUpright, int looks)
    {
        using var models = new MadeUpFaceModels();
        using var detector = models.See(X, Y, 100).Detector();
        var check = new OrientationCheck(detector, (_, _) => true);
        Assert.Equal(isUpright, check.IsUpright(MadeUpFaceModels.Frame((Y, 255 - X)), Face(Y, 255 - X, score)));
        Assert.Equal(looks, check.Looks);
    }

    /// <summary>The turned frame has to be better by more than chance: the detector says 0.731 of it.</summary>
    [Theory]
    [InlineData(0.67, false)]
    [InlineData(0.69, true)]
    public void IsUpright_WantsTheTurnedFrameToBeSeenBetter(double score, bool isUpright)
    {
        using var models = new MadeUpFaceModels();
        using var detector = models.See(X, Y, 100, logit: 1).Detector();
        var check = new OrientationCheck(detector, (_, _) => true);
        Assert.Equal(isUpright, check.IsUpright(MadeUpFaceModels.Frame((Y, 255 - X)), Face(Y, 255 - X, score)));
    }

    [Fact]
    public void CountTurned_CountsALookAndAFace()
    {
        using var models = new MadeUpFaceModels();
        using var detector = models.Detector();
        var check = new OrientationCheck(detector, (_, _) => true);
        check.CountTurned();
        Assert.Equal((1, 1), (check.Looks, check.TurnedFaces));
    }

    private static FaceDetection Face(double x, double y, double score) => new(new FaceBox(x - 30, y - 30, x + 30, y + 30), default, default, score);
}
