using LatentSync.Jobs;
using LatentSync.TestKit;

namespace LatentSync.Tests.Jobs;

public sealed class JobIndexTests(OwnHome home) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Jobs_AreListedInTheOrderOfTheirFolders_UntilTheyAreRemoved()
    {
        string[] folders = [Job("b"), Job("a"), Job("c")];
        Array.ForEach(folders, JobIndex.Add);
        JobIndex.Add(folders[0]);
        Assert.Equal([folders[1], folders[0], folders[2]], Listed());
        JobIndex.Remove(folders[0]);
        Assert.Equal([folders[1], folders[2]], Listed());
        JobIndex.Remove(folders[0]);
    }

    [Fact]
    public void AJobThatIsGone_IsForgotten()
    {
        var job = Job("a");
        JobIndex.Add(job);
        File.Delete(Path.Combine(job, "job.json"));
        Assert.Empty(Listed());
        File.WriteAllText(Path.Combine(job, "job.json"), "");
        Assert.Empty(Listed());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a relative path")]
    public void AFileThatNamesNoFolder_IsForgotten(string content)
    {
        var entry = Path.Combine(Directory.CreateDirectory(home.Jobs).FullName, Guid.NewGuid().ToString("N"));
        File.WriteAllText(entry, content);
        Listed();
        Assert.False(File.Exists(entry));
    }

    [Fact]
    public void AFileThatIsTooLongForAPath_IsNotRead()
    {
        var job = Job("a");
        var entry = Path.Combine(Directory.CreateDirectory(home.Jobs).FullName, Guid.NewGuid().ToString("N"));
        File.WriteAllText(entry, string.Concat(Enumerable.Repeat(job + "/../a/../", 10_000))[..^4]);
        Assert.Empty(Listed());
        Assert.False(File.Exists(entry));
    }

    private string Job(string name)
    {
        var job = Directory.CreateDirectory(_folder.File(name)).FullName;
        File.WriteAllText(Path.Combine(job, "job.json"), "");
        return job;
    }

    /// <summary>Those of this test: others run at the same time.</summary>
    private IEnumerable<string> Listed() => JobIndex.List().Where(folder => folder.StartsWith(_folder.Path, StringComparison.Ordinal));
}
