using System.Text.Json;
using LatentSync.Jobs;
using LatentSync.TestKit;
using LatentSync.Timeline;

namespace LatentSync.Tests.Jobs;

public sealed class JobFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The files of a job folder may be anybody's: what is missing in them is damage, and no fault of the program.</summary>
    [Theory]
    [InlineData("options")]
    [InlineData("facts")]
    [InlineData("inputs")]
    [InlineData("output")]
    public async Task ADescriptionWithNull_IsDamaged(string member)
    {
        var output = _folder.File("result.mp4");
        var description = new JobDescription
        {
            Output = output,
            Options = new Dictionary<string, string>(StringComparer.Ordinal),
            Facts = new Dictionary<string, string>(StringComparer.Ordinal),
            Inputs = new Dictionary<string, string>(StringComparer.Ordinal),
        };
        var written = JsonSerializer.SerializeToNode(description, JobJson.Default.JobDescription)!.AsObject();
        written[member] = null;
        using var job = JobFolder.Open(output, isRestart: false, TimeSpan.FromSeconds(10), FrameClock.Model);
        await File.WriteAllTextAsync(Path.Combine(job.Path, JobPlace.DescriptionName), written.ToJsonString(), TestContext.Current.CancellationToken);
        var journal = new JobJournal { TicksPerSecond = 25, Segments = [new JobSegment("00000.mp4", 1, 0, 1, 1, "x")] };
        await File.WriteAllTextAsync(
            Path.Combine(job.Path, JobPlace.JournalName),
            JsonSerializer.Serialize(journal, JobJson.Default.JobJournal),
            TestContext.Current.CancellationToken
        );
        var error = await Assert.ThrowsAsync<LipSyncException>(() =>
            job.BeginAsync(description, new Dictionary<string, string>(StringComparer.Ordinal), TestContext.Current.CancellationToken)
        );
        Assert.Equal(LipSyncErrorCode.InvalidInput, error.Code);
        Assert.Contains("is damaged", error.Message, StringComparison.Ordinal);
    }
}
