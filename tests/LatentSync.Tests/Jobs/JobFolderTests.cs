using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LatentSync.Jobs;
using LatentSync.Media.Write;
using LatentSync.Timeline;

namespace LatentSync.Tests.Jobs;

public sealed class JobFolderTests : IDisposable
{
    private readonly SampleJob _job = new();

    public void Dispose() => _job.Dispose();

    [Fact]
    public async Task AStoppedJob_GoesOnAfterItsParts()
    {
        await _job.StopAfterAsync(3);
        using (var resumed = await _job.BeginAsync())
        {
            Assert.Equal([new SegmentEntry(10, 0, 10), new SegmentEntry(10, 10, 20), new SegmentEntry(10, 20, 30)], resumed.Segments);
            await SampleJob.AddPartAsync(resumed);
        }

        using var again = await _job.BeginAsync();
        Assert.Equal(4, again.Segments.Count);
        Assert.Equal("part 3", await File.ReadAllTextAsync(again.PathOf(3, ".mp4"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("Video")]
    [InlineData("Audio")]
    public async Task AnInputThatHasChanged_IsRefused_AndThePartsAreKept(string option)
    {
        await _job.StopAfterAsync(2);
        var (input, before) = (_job.Inputs[option], await File.ReadAllBytesAsync(_job.Inputs[option], TestContext.Current.CancellationToken));
        byte[] after = [.. before];
        after[^1]++;
        await File.WriteAllBytesAsync(input, after, TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<LipSyncException>(() => _job.BeginAsync());
        Assert.Equal((LipSyncErrorCode.InvalidInput, input), (error.Code, error.Path));
        Assert.StartsWith($"\"{input}\" has changed since \"{_job.Output}\" was started", error.Message, StringComparison.Ordinal);

        await File.WriteAllBytesAsync(input, before, TestContext.Current.CancellationToken);
        using var resumed = await _job.BeginAsync();
        Assert.Equal(2, resumed.Segments.Count);
    }

    [Fact]
    public async Task AnInputThatWasMovedOrTouched_IsTheSame()
    {
        await _job.StopAfterAsync(1);
        File.Move(_job.Inputs["Audio"], _job.Beside("moved.wav"));
        _job.Inputs["Audio"] = _job.Beside("moved.wav");
        File.SetLastWriteTimeUtc(_job.Inputs["Video"], DateTime.UnixEpoch);
        using var resumed = await _job.BeginAsync();
        Assert.Single(resumed.Segments);
    }

    [Fact]
    public async Task AnInputThatTheJobDidNotHave_IsRefused()
    {
        await _job.StopAfterAsync(1);
        _job.Inputs["Face"] = _job.Inputs["Video"];
        Assert.Equal(LipSyncErrorCode.InvalidInput, (await Assert.ThrowsAsync<LipSyncException>(() => _job.BeginAsync())).Code);
    }

    [Fact]
    public async Task OtherOptions_AreRefused_AndThePartsAreKept()
    {
        await _job.StopAfterAsync(1);
        var before = _job.Description;
        _job.Description = before with { Options = new Dictionary<string, string>(before.Options, StringComparer.Ordinal) { ["Seed"] = "5" } };
        Assert.Equal(LipSyncErrorCode.InvalidOptions, (await Assert.ThrowsAsync<LipSyncException>(() => _job.BeginAsync())).Code);
        _job.Description = before;
        using var resumed = await _job.BeginAsync();
        Assert.Single(resumed.Segments);
    }

    [Fact]
    public async Task ANewJob_RecordsItsInputs_BeforeItsFirstPart()
    {
        await _job.StopAfterAsync(1);
        var written = JsonNode.Parse(await File.ReadAllTextAsync(_job.Kept("job.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal(_job.Output, (string?)written["output"]);
        Assert.Equal("1247", (string?)written["options"]!["Seed"]);
        Assert.Equal("1.6", (string?)written["facts"]!["model"]);
        foreach (var (option, path) in _job.Inputs)
        {
            var digest = SHA256.HashData(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
            Assert.Equal(Convert.ToHexStringLower(digest), (string?)written["inputs"]![option]);
        }
    }

    /// <summary>The digests are made beside the work: that one cannot be made shows when the first part is finished.</summary>
    [Fact]
    public async Task ANewJobOfAMissingInput_FailsAtItsFirstPart()
    {
        File.Delete(_job.Inputs["Audio"]);
        using var job = await _job.BeginAsync();
        var error = await Assert.ThrowsAsync<LipSyncException>(() => SampleJob.AddPartAsync(job));
        Assert.Equal((LipSyncErrorCode.OutputFailed, _job.Inputs["Audio"]), (error.Code, error.Path));
        Assert.Empty(job.Segments);
    }

    [Theory]
    [InlineData("part x")]
    [InlineData("part 1 and more")]
    [InlineData("")]
    [InlineData(null)]
    public async Task APartThatIsNotWhatWasWritten_IsMadeAgain_AndAllAfterIt(string? content)
    {
        await _job.StopAfterAsync(3);
        if (content is null)
        {
            File.Delete(_job.Kept("00001.mp4"));
        }
        else
        {
            await File.WriteAllTextAsync(_job.Kept("00001.mp4"), content, TestContext.Current.CancellationToken);
        }

        using var resumed = await _job.BeginAsync();
        Assert.Equal([new SegmentEntry(10, 0, 10)], resumed.Segments);
    }

    [Fact]
    public async Task APartThatIsALink_IsMadeAgain()
    {
        await _job.StopAfterAsync(2);
        File.Move(_job.Kept("00001.mp4"), _job.Beside("elsewhere.mp4"));
        File.CreateSymbolicLink(_job.Kept("00001.mp4"), _job.Beside("elsewhere.mp4"));
        using var resumed = await _job.BeginAsync();
        Assert.Single(resumed.Segments);
    }

    [Theory]
    [InlineData("file", "00000.mp4")]
    [InlineData("file", "00002.mp4")]
    [InlineData("file", "../00001.mp4")]
    [InlineData("file", "00001.avi")]
    [InlineData("frames", 0)]
    [InlineData("frames", -1)]
    [InlineData("start", 9)]
    [InlineData("start", 11)]
    [InlineData("end", 10)]
    [InlineData("end", 9)]
    public async Task AJournalWhosePartsDoNotFollowEachOther_IsDamaged(string member, object value)
    {
        await _job.StopAfterAsync(2);
        _job.Edit("journal.json", journal =>
            journal["segments"]![1]![member] = value is int number ? JsonValue.Create(number) : JsonValue.Create((string)value)
        );
        await AssertDamagedAsync("journal.json");
    }

    [Fact]
    public async Task AJournalWhoseFirstPartIsNotTheBeginning_IsDamaged()
    {
        await _job.StopAfterAsync(1);
        _job.Edit("journal.json", journal => journal["segments"]![0]!["start"] = 1);
        await AssertDamagedAsync("journal.json");
    }

    [Fact]
    public async Task AJournalOfAnotherClock_IsDamaged()
    {
        await _job.StopAfterAsync(1);
        _job.Edit("journal.json", journal => journal["ticks_per_second"] = 30);
        await AssertDamagedAsync("journal.json");
    }

    /// <summary>A part without a place in the journal may have been broken off.</summary>
    [Fact]
    public async Task PartsWithoutAJournal_AreThrownAway()
    {
        await _job.StopAfterAsync(2);
        File.Delete(_job.Kept("journal.json"));
        using var job = await _job.BeginAsync();
        Assert.Empty(job.Segments);
        Assert.False(File.Exists(_job.Kept("00000.mp4")));
    }

    [Fact]
    public async Task PartsWithoutADescription_AreThrownAway()
    {
        await _job.StopAfterAsync(2);
        File.Delete(_job.Kept("job.json"));
        using var job = await _job.BeginAsync();
        Assert.Empty(job.Segments);
        Assert.False(File.Exists(_job.Kept("journal.json")));
    }

    [Fact]
    public async Task Restart_ThrowsAwayWhatWasKept_AndNothingElse()
    {
        await _job.StopAfterAsync(2);
        await File.WriteAllTextAsync(_job.Kept("notes.txt"), "mine", TestContext.Current.CancellationToken);
        using (var job = await _job.BeginAsync(isRestart: true))
        {
            Assert.Empty(job.Segments);
            Assert.False(File.Exists(_job.Kept("00000.mp4")));
            job.Finish();
        }

        Assert.Equal([_job.Kept("notes.txt")], Directory.EnumerateFileSystemEntries(_job.Place));
    }

    /// <summary>Another job's inputs need no restart to be others: nothing of the old one is left to mix with.</summary>
    [Fact]
    public async Task AJobThatWasStoppedBeforeItsFirstPart_LeavesNothing()
    {
        await _job.StopAfterAsync(0);
        Assert.False(Directory.Exists(_job.Place));
        Assert.DoesNotContain(_job.Place, JobIndex.List());
    }

    [Fact]
    public async Task AFinishedJob_LeavesNothing()
    {
        using (var job = await _job.BeginAsync())
        {
            await SampleJob.AddPartAsync(job);
            Assert.False(job.IsFinished);
            Assert.Contains(_job.Place, JobIndex.List());
            job.Finish();
            Assert.True(job.IsFinished);
            Assert.True(File.Exists(_job.Kept("00000.mp4")));
        }

        Assert.False(Directory.Exists(_job.Place));
        Assert.DoesNotContain(_job.Place, JobIndex.List());
    }

    [Fact]
    public void OneAtATime_HoldsAFolder()
    {
        using (_job.Open())
        {
            var error = Assert.Throws<LipSyncException>(() => _job.Open());
            Assert.Equal((LipSyncErrorCode.OutputFailed, _job.Output), (error.Code, error.Path));
            Assert.StartsWith("Another latentsync is making", error.Message, StringComparison.Ordinal);
        }

        using var next = _job.Open();
        Assert.Equal(_job.Place, next.Path);
    }

    [Fact]
    public async Task AFolderThatCannotBeMade_SaysSo()
    {
        await File.WriteAllTextAsync(_job.Place, "a file", TestContext.Current.CancellationToken);
        var error = Assert.Throws<LipSyncException>(() => _job.Open());
        Assert.Equal((LipSyncErrorCode.OutputFailed, _job.Place), (error.Code, error.Path));
    }

    [Fact]
    public async Task APartThatIsNotThere_IsNotRecorded()
    {
        using var job = await _job.BeginAsync();
        var missing = job.PathOf(0, ".mp4");
        var error = await Assert.ThrowsAsync<LipSyncException>(() => job.AddAsync(new SegmentEntry(1, 0, 1), missing));
        Assert.Equal((LipSyncErrorCode.OutputFailed, missing), (error.Code, error.Path));
        Assert.False(File.Exists(_job.Kept("journal.json")));
    }

    [Fact]
    public void ThePartsAndTheirList_LieInTheFolder()
    {
        using var job = JobFolder.Open(_job.Output, isRestart: false, TimeSpan.FromSeconds(2.5), new FrameClock(12800, 25));
        Assert.Equal(32000, job.SegmentLength.Ticks);
        Assert.Equal(_job.Kept("00012.mov"), job.PathOf(12, ".mov"));
        Assert.Equal(_job.Kept("list.txt"), job.WriteList("file '00000.mp4'\n"));
        Assert.Equal("file '00000.mp4'\n", File.ReadAllText(_job.Kept("list.txt")));
    }

    /// <summary>The files of a job folder may be anybody's: what is missing in them is damage, and no fault of the program.</summary>
    [Theory]
    [InlineData("options")]
    [InlineData("facts")]
    [InlineData("inputs")]
    [InlineData("output")]
    public async Task ADescriptionWithNull_IsDamaged(string member)
    {
        await _job.StopAfterAsync(1);
        _job.Edit("job.json", description => description[member] = null);
        await AssertDamagedAsync("job.json");
    }

    [Theory]
    [InlineData("sha256")]
    [InlineData("file")]
    public async Task APartWithNull_IsDamaged(string member)
    {
        await _job.StopAfterAsync(1);
        _job.Edit("journal.json", journal => journal["segments"]![0]![member] = null);
        await AssertDamagedAsync("journal.json");
    }

    [Fact]
    public async Task ANullPart_IsDamaged()
    {
        await _job.StopAfterAsync(1);
        _job.Edit("journal.json", journal => journal["segments"]![0] = null);
        await AssertDamagedAsync("journal.json");
    }

    private async Task AssertDamagedAsync(string name)
    {
        var error = await Assert.ThrowsAsync<LipSyncException>(() => _job.BeginAsync());
        Assert.Equal((LipSyncErrorCode.InvalidInput, _job.Kept(name)), (error.Code, error.Path));
        Assert.Contains("is damaged", error.Message, StringComparison.Ordinal);
    }
}
