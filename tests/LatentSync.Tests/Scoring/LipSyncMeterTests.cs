using LatentSync.TestKit;

namespace LatentSync.Tests.Scoring;

public sealed class LipSyncMeterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("stable_syncnet.pt")]
    [InlineData("auxiliary/stable_syncnet.pt")]
    [InlineData("checkpoints/stable_syncnet.pt")]
    public void SyncNet_IsFoundBesideTheModels(string place)
    {
        var path = Path.GetFullPath(_folder.File(place));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Assert.Null(LipSyncMeter.FindSyncNet(_folder.Path));
        File.WriteAllText(path, "weights");
        Assert.Equal(path, LipSyncMeter.FindSyncNet(_folder.Path));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(251)]
    public async Task StepOutOfRange_IsRefusedBeforeAnythingIsRead(int step)
    {
        var options = new LipSyncMeterOptions { SyncNetStep = step };
        var error = await Assert.ThrowsAsync<LipSyncException>(() =>
            LipSyncMeter.MeasureAsync("none.mp4", options, progress: null, TestContext.Current.CancellationToken)
        );
        Assert.Equal(LipSyncErrorCode.InvalidOptions, error.Code);
        Assert.Contains(Invariant($"is {step};"), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plot.gif", LipSyncErrorCode.InvalidOptions)]
    [InlineData("no folder/plot.svg", LipSyncErrorCode.OutputFailed)]
    public async Task PlotThatCannotBe_IsRefused(string name, LipSyncErrorCode code)
    {
        var error = await Assert.ThrowsAsync<LipSyncException>(() => LipSyncPlot.CheckAsync(_folder.File(name), TestContext.Current.CancellationToken));
        Assert.Equal(code, error.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }
}
