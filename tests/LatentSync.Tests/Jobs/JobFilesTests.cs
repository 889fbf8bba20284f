using System.Text;
using LatentSync.Jobs;
using LatentSync.TestKit;

namespace LatentSync.Tests.Jobs;

public sealed class JobFilesTests : IDisposable
{
    private const int Longest = 16 << 20;

    private readonly TemporaryFolder _folder = new();

    private string Journal => _folder.File("journal.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AFileThatIsNotThere_IsNone() => Assert.Null(Read());

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{ "segments": [] }""")]
    [InlineData("""{ "ticks_per_second": 25, "segments": null }""")]
    public void AFileThatNoJobWrote_IsDamaged(string content)
    {
        File.WriteAllText(Journal, content);
        AssertDamaged();
    }

    /// <summary>Whoever put it there must not fill the memory with it.</summary>
    [Theory]
    [InlineData(Longest, true)]
    [InlineData(Longest + 1, false)]
    public void AFileThatIsTooLong_IsDamaged(int length, bool isRead)
    {
        var bytes = Encoding.ASCII.GetBytes("""{ "ticks_per_second": 25, "segments": [] }""".PadRight(length));
        File.WriteAllBytes(Journal, bytes);
        if (isRead)
        {
            Assert.Equal(25, Read()!.TicksPerSecond);
        }
        else
        {
            AssertDamaged();
        }
    }

    [Fact]
    public void AFileThatCannotBeWritten_IsTheDisksFault()
    {
        var error = Assert.Throws<LipSyncException>(() => JobFiles.Write(_folder.File("missing/journal.json"), "{}"u8));
        Assert.Equal((LipSyncErrorCode.OutputFailed, _folder.File("missing/journal.json")), (error.Code, error.Path));
        Assert.IsType<DirectoryNotFoundException>(error.InnerException);
    }

    private JobJournal? Read() => JobFiles.Read(Journal, JobJson.Default.JobJournal);

    private void AssertDamaged()
    {
        var error = Assert.Throws<LipSyncException>(() => Read());
        Assert.Equal((LipSyncErrorCode.InvalidInput, Journal), (error.Code, error.Path));
    }
}
