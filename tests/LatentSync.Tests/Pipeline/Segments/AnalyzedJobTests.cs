using LatentSync.Jobs;
using LatentSync.Pipeline.Segments;
using LatentSync.TestKit;

namespace LatentSync.Tests.Pipeline.Segments;

public sealed class AnalyzedJobTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LipSyncRequest _request;

    public AnalyzedJobTests()
    {
        File.WriteAllBytes(_folder.File("a.mp4"), [1, 2, 3]);
        File.WriteAllBytes(_folder.File("a.wav"), [4]);
        _request = new LipSyncRequest
        {
            Video = _folder.File("a.mp4"),
            Audio = _folder.File("a.wav"),
            Output = "r.mp4",
        };
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FilesElsewhere_AreTheSameJob()
    {
        var moved = _request with { Video = _folder.File("b.mp4"), Audio = _folder.File("b.wav"), Output = "/elsewhere/r.mp4", Overwrite = true };
        File.Copy(_request.Video, moved.Video);
        File.Copy(_request.Audio, moved.Audio);
        Require(moved);
    }

    [Fact]
    public void WithoutAModel_AnyModelWillDo() => AnalyzedJob.RequireSame("plan", Known, _request, AnalyzedJob.Describe(_request, "7", model: null));

    [Fact]
    public void AnotherJob_IsRefused_ByItsFirstDifference()
    {
        Assert.Equal(
            "\"plan\" is the analysis of a job with Seed 1247 instead of 5; use the same options, model and programs, or analyze the video again.",
            Refusal(_request with { Options = new() { Sampling = new() { Seed = 5 } } })
        );
        Assert.Contains("a job without Strict;", Refusal(_request with { Options = new() { Strict = true } }), StringComparison.Ordinal);
        Assert.Contains("with another version of ffmpeg;", Refusal(_request, ffmpeg: "8"), StringComparison.Ordinal);
        Assert.Contains("with another model;", Refusal(_request, model: "m2"), StringComparison.Ordinal);
        Assert.Contains("with another resolution;", Refusal(_request, resolution: 512), StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherFile_IsRefused()
    {
        var known = Known;
        File.WriteAllBytes(_request.Audio, [5]);
        var error = Assert.Throws<LipSyncException>(() => AnalyzedJob.RequireSame("plan", known, _request, AnalyzedJob.Describe(_request, "7", ("m", 256))));
        Assert.Equal((LipSyncErrorCode.InvalidInput, _request.Audio), (error.Code, error.Path));
        Assert.Equal($"\"{_request.Audio}\" is not the file that \"plan\" is the analysis of; put that file back, or analyze the video again.", error.Message);
    }

    /// <summary>Who is to be painted is known by the picture, wherever it lies.</summary>
    [Fact]
    public void APictureOfThePerson_IsComparedByItsContent()
    {
        File.WriteAllBytes(_folder.File("anna.png"), [7]);
        File.WriteAllBytes(_folder.File("copy.png"), [7]);
        File.WriteAllBytes(_folder.File("other.png"), [8]);
        var known = AnalyzedJob.Describe(Like("anna.png"), "7", ("m", 256));
        AnalyzedJob.RequireSame("plan", known, Like("copy.png"), AnalyzedJob.Describe(Like("copy.png"), "7", ("m", 256)));
        Assert.Throws<LipSyncException>(() =>
            AnalyzedJob.RequireSame("plan", known, Like("other.png"), AnalyzedJob.Describe(Like("other.png"), "7", ("m", 256)))
        );

        LipSyncRequest Like(string picture) => _request with { Options = new() { Faces = new() { Face = FaceChoice.Like(_folder.File(picture)) } } };
    }

    private JobDescription Known => AnalyzedJob.Describe(_request, "7", ("m", 256));

    private void Require(LipSyncRequest request, string ffmpeg = "7", string model = "m", int resolution = 256) =>
        AnalyzedJob.RequireSame("plan", Known, request, AnalyzedJob.Describe(request, ffmpeg, (model, resolution)));

    private string Refusal(LipSyncRequest request, string ffmpeg = "7", string model = "m", int resolution = 256)
    {
        var error = Assert.Throws<LipSyncException>(() => Require(request, ffmpeg, model, resolution));
        Assert.Equal(LipSyncErrorCode.InvalidOptions, error.Code);
        return error.Message;
    }
}
