namespace LatentSync.Tests.Jobs;

public sealed class UnfinishedJobsTests : IDisposable
{
    private readonly SampleJob _job = new();

    public void Dispose() => _job.Dispose();

    [Fact]
    public async Task AStoppedJob_IsFoundByItsResultAndByItsFolder()
    {
        await _job.StopAfterAsync(3);
        string[] paths = [_job.Output, _job.Place, _job.Place + Path.DirectorySeparatorChar];
        foreach (var path in paths)
        {
            var found = UnfinishedJobs.Find(path);
            Assert.Equal((_job.Place, _job.Output), (found.Folder, found.Output));
            Assert.Equal(TimeSpan.FromSeconds(1.2), found.Kept);
            Assert.Equal("1247", found.Options["Seed"]);
            Assert.Equal(Directory.EnumerateFiles(_job.Place).Sum(file => new FileInfo(file).Length), found.Bytes);
        }

        Assert.Equal(1.2, Assert.Single(Listed()).Kept.TotalSeconds);
    }

    [Fact]
    public void AJobThatIsNotThere_IsRefused()
    {
        var error = Assert.Throws<LipSyncException>(() => UnfinishedJobs.Find(_job.Output));
        Assert.Equal((LipSyncErrorCode.InvalidInput, _job.Output), (error.Code, error.Path));
        Assert.Contains("There is no unfinished job", error.Message, StringComparison.Ordinal);
        Assert.Throws<LipSyncException>(() => UnfinishedJobs.Remove(_job.Output));
        Assert.Throws<ArgumentException>(() => UnfinishedJobs.Find(" "));
    }

    [Fact]
    public async Task WithoutAPart_ThereIsNoJob()
    {
        await _job.StopAfterAsync(1);
        _job.Edit("journal.json", journal => journal["segments"]!.AsArray().Clear());
        Assert.Throws<LipSyncException>(() => UnfinishedJobs.Find(_job.Output));
        Assert.Empty(Listed());
    }

    /// <summary>What was copied from somebody else must not make this user write where it says.</summary>
    [Theory]
    [InlineData("/etc/result.mp4", "/etc/result.mp4")]
    [InlineData(null, "/etc/result.mp4")]
    [InlineData("/etc/result.mp4", null)]
    public async Task AFolderThatNamesAnotherResult_IsDamaged(string? output, string? option)
    {
        await _job.StopAfterAsync(1);
        _job.Edit("job.json", description =>
        {
            description["output"] = output ?? _job.Output;
            description["options"]!["Output"] = option ?? _job.Output;
        });
        AssertDamaged();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-25)]
    public async Task AClockThatDoesNotGo_IsDamaged(int ticksPerSecond)
    {
        await _job.StopAfterAsync(1);
        _job.Edit("journal.json", journal => journal["ticks_per_second"] = ticksPerSecond);
        AssertDamaged();
    }

    [Fact]
    public async Task ANullPart_IsDamaged()
    {
        await _job.StopAfterAsync(1);
        _job.Edit("journal.json", journal => journal["segments"]![0] = null);
        AssertDamaged();
    }

    [Fact]
    public async Task Remove_ThrowsAwayTheFolder_AndNotTheInputs()
    {
        await _job.StopAfterAsync(2);
        UnfinishedJobs.Remove(_job.Output);
        Assert.False(Directory.Exists(_job.Place));
        Assert.Empty(Listed());
        Assert.All(_job.Inputs.Values, path => Assert.True(File.Exists(path)));
    }

    [Fact]
    public async Task Remove_OfARunningJob_IsRefused()
    {
        await _job.StopAfterAsync(1);
        using var running = await _job.BeginAsync();
        Assert.Equal(LipSyncErrorCode.OutputFailed, Assert.Throws<LipSyncException>(() => UnfinishedJobs.Remove(_job.Output)).Code);
        Assert.Single(UnfinishedJobs.List(), job => job.Output == _job.Output);
        Assert.True(File.Exists(_job.Kept("00000.mp4")));
    }

    private void AssertDamaged()
    {
        var error = Assert.Throws<LipSyncException>(() => UnfinishedJobs.Find(_job.Output));
        Assert.Equal((LipSyncErrorCode.InvalidInput, _job.Kept("job.json")), (error.Code, error.Path));
        Assert.Contains("is damaged", error.Message, StringComparison.Ordinal);
        Assert.Empty(Listed());
    }

    /// <summary>Those of this test: others run at the same time.</summary>
    private IEnumerable<UnfinishedJob> Listed() => UnfinishedJobs.List().Where(job => job.Folder == _job.Place);
}
