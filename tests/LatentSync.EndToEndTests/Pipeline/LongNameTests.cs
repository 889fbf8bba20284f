using System.Text;
using LatentSync.Files;
using LatentSync.Jobs;
using LatentSync.TestKit;
using LatentSync.Timeline;
using TestMedia = LatentSync.EndToEndTests.Media.TestMedia;

namespace LatentSync.EndToEndTests.Pipeline;

/// <summary>Results whose names are as long as file systems let them be, with the hidden names beside them.</summary>
public sealed class LongNameTests(Samples samples) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(243, "a", Explicit = true)]
    [InlineData(244, "a")]
    [InlineData(255, "a")]
    [InlineData(255, "ü")]
    [InlineData(254, "\U0001F600", Explicit = true)]
    public async Task UpTo255Bytes_AreWritten(int bytes, string letter)
    {
        var output = _folder.File(Name(bytes, letter));
        var result = await RunAsync(output);
        Assert.Equal(25, result.Frames);
        Assert.Equal([output], Directory.GetFileSystemEntries(_folder.Path).Where(path => path.EndsWith(".mp4", StringComparison.Ordinal)));
        Assert.DoesNotContain(Directory.GetFileSystemEntries(_folder.Path), path => Path.GetFileName(path).StartsWith('.'));
    }

    [Fact]
    public async Task AStoppedJob_IsFoundByItsLongName()
    {
        var output = _folder.File(Name(255, "a"));
        using (var folder = JobFolder.Open(output, isRestart: false, TimeSpan.FromSeconds(1), FrameClock.Model))
        {
            await File.WriteAllTextAsync(Path.Combine(folder.Path, JobPlace.JournalName), "{}", TestMedia.Token);
        }

        Assert.True(Directory.Exists(JobPlace.Of(output)));
        Assert.Contains("damaged", Assert.Throws<LipSyncException>(() => UnfinishedJobs.Find(output)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MoreBytes_AreRefusedInTheNameOfTheResult()
    {
        var error = await Assert.ThrowsAsync<LipSyncException>(() => RunAsync(_folder.File(Name(256, "a"))));
        Assert.Equal(LipSyncErrorCode.OutputFailed, error.Code);
        Assert.Contains("has more than 255 bytes", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(JobPlace.Ending, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HiddenNames_AreUniqueAndShort()
    {
        var (one, two) = (HiddenName.Of(Name(255, "ü"), ".latentsync"), HiddenName.Of("x" + Name(254, "ü")[1..], ".latentsync"));
        Assert.NotEqual(one, two);
        Assert.All([one, two], name => Assert.InRange(Encoding.UTF8.GetByteCount(name), 200, HiddenName.LongestName));
        Assert.Equal(".talk.mp4.latentsync", HiddenName.Of("talk.mp4", ".latentsync"));
    }

    private static string Name(int bytes, string letter)
    {
        const string ending = ".mp4";
        var size = Encoding.UTF8.GetByteCount(letter);
        var (count, rest) = Math.DivRem(bytes - ending.Length, size);
        return string.Concat(Enumerable.Repeat(letter, count)) + new string('x', rest) + ending;
    }

    private Task<LipSyncResult> RunAsync(string output)
    {
        var request = new LipSyncRequest
        {
            Video = samples.Talk,
            Audio = samples.Sound,
            Output = output,
            Options = new LipSyncFileOptions { Sampling = new() { InferenceSteps = 1 } },
        };
        return GreyJob.RunAsync(request);
    }
}
