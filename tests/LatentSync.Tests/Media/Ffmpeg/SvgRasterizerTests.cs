using System.Text;
using LatentSync.Media.Ffmpeg;

namespace LatentSync.Tests.Media.Ffmpeg;

public class SvgRasterizerTests
{
    private const string Drawing = "<svg>é</svg>";

    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 1, 2, 3];

    [Fact]
    public async Task Drawing_GoesIn_PictureComesOut()
    {
        await using var process = new FakeProcess { Answer = Png, PieceLength = 3 };
        var launcher = new FakeLauncher(process);
        Assert.Equal(Png, await SvgRasterizer.ToPngAsync(launcher.Tools, Drawing, "plot.png", TestContext.Current.CancellationToken));
        Assert.Equal(Encoding.UTF8.GetBytes(Drawing), process.Received.ToArray());
        var call = Assert.Single(launcher.Calls).ToList();
        Assert.Equal("13", call[call.IndexOf("-frame_size") + 1]);
        Assert.True(process.WasDisposed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FfmpegWithoutLibrsvg_IsAMissingDependency(bool refusesInput)
    {
        await using var process = new FakeProcess
        {
            ExitCode = 1,
            RefusesInput = refusesInput,
            LastWords = "Decoder (codec svg) not found for input stream #0:0",
        };
        var error = await FailAsync(process);
        Assert.Equal(LipSyncErrorCode.MissingDependency, error.Code);
        Assert.Equal(
            "This ffmpeg cannot draw \"plot.png\" because it was built without librsvg; choose a name that ends in .svg, or install a full build of ffmpeg.",
            error.Message
        );
        Assert.Contains("not found", error.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(137, "\u0089PNG and the beginning of a picture")]
    [InlineData(0, "something else than a picture")]
    public async Task FfmpegThatIsKilledOrGivesNoPicture_IsAMediaToolFailure(int exitCode, string answer)
    {
        await using var process = new FakeProcess { ExitCode = exitCode, Answer = Encoding.Latin1.GetBytes(answer) };
        Assert.Equal(LipSyncErrorCode.MediaToolFailed, (await FailAsync(process)).Code);
    }

    private static Task<LipSyncException> FailAsync(FakeProcess process) =>
        Assert.ThrowsAsync<LipSyncException>(() =>
            SvgRasterizer.ToPngAsync(new FakeLauncher(process).Tools, Drawing, "plot.png", TestContext.Current.CancellationToken)
        );
}
