using LatentSync.Jobs;
using LatentSync.TestKit;

namespace LatentSync.Tests.Jobs;

public sealed class JobPlaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheFolder_IsHiddenBesideTheOutput() => Assert.Equal(_folder.File(".a.mp4.latentsync"), JobPlace.Of(_folder.File("x/../a.mp4")));

    [Theory]
    [InlineData("job.json", true)]
    [InlineData("journal.json", true)]
    [InlineData("lock", true)]
    [InlineData("list.txt", true)]
    [InlineData("job.json.new", true)]
    [InlineData("journal.json.new", true)]
    [InlineData("list.txt.new", true)]
    [InlineData("00000.mp4", true)]
    [InlineData("99999.mov", true)]
    [InlineData("lock.new", false)]
    [InlineData("Job.json", false)]
    [InlineData("0000.mp4", false)]
    [InlineData("000000.mp4", false)]
    [InlineData("00000.mp4\n", false)]
    [InlineData("00000.mp4.new", false)]
    [InlineData("00000.avi", false)]
    [InlineData("a00000.mp4", false)]
    public void OnlyFilesOfAJob_AreItsOwn(string name, bool isOwn) => Assert.Equal(isOwn, JobPlace.IsOwn(name));

    [Fact]
    public void Delete_TakesTheFolderToo()
    {
        File.WriteAllText(_folder.File("lock"), "");
        File.WriteAllText(_folder.File("00000.mp4"), "");
        JobPlace.Delete(_folder.Path);
        Assert.False(Directory.Exists(_folder.Path));
        Directory.CreateDirectory(_folder.Path);
    }

    [Fact]
    public void Delete_LeavesWhatIsSomebodyElses()
    {
        File.WriteAllText(_folder.File("lock"), "");
        File.WriteAllText(_folder.File("holiday.mp4"), "");
        JobPlace.Delete(_folder.Path);
        Assert.Equal([_folder.File("holiday.mp4")], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Delete_OfAFolderThatIsGone_IsDone() => JobPlace.Delete(_folder.File("gone"));
}
