using System.Text.Json;
using LatentSync.Jobs;
using LatentSync.Models.Download;
using LatentSync.Models.Store;
using LatentSync.TestKit;
using LatentSync.Timeline;

namespace LatentSync.FuzzTests;

/// <summary>What is found in folders that a stopped job, a download or an import has left, or somebody else has put there.</summary>
public sealed class JobTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Journal()
    {
        var journal = JsonSerializer.Serialize(
            new JobJournal
            {
                TicksPerSecond = 25,
                Segments = [new JobSegment("00000.mp4", 50, 0, 50, 4, new string('a', 64)), new JobSegment("00001.mp4", 50, 50, 100, 4, new string('b', 64))],
            },
            JobJson.Default.JobJournal
        );
        string[] names = ["ticks_per_second", "segments", "file", "frames", "start", "end", "bytes", "sha256"];
        Campaign.Run(
            "journal of a job",
            Choose.Either(
                Mutations.Of([journal], "null", "[", "{", "-1", "9223372036854775807", "1e999", "../", "\"file\": \"/etc/passwd\","),
                Grammars.Json(names, ["00000.mp4", "00001.mov"]).Bytes()
            ),
            bytes => Continue(Description(), bytes),
            IsOfAJob
        );
    }

    [Fact]
    public void Description_()
    {
        string[] names = ["output", "options", "facts", "inputs", "Output", "Video", "Seed"];
        Campaign.Run(
            "description of a job",
            Choose.Either(
                Mutations.Of([Description()], "null", "[", "{", "\"options\": null,", "\"output\": \"/etc/x\","),
                Grammars.Json(names, ["result.mp4", "a.mp4"]).Bytes()
            ),
            bytes =>
                Continue(
                    bytes,
                    JsonSerializer.SerializeToUtf8Bytes(
                        new JobJournal { TicksPerSecond = 25, Segments = [new JobSegment("00000.mp4", 50, 0, 50, 4, "x")] },
                        JobJson.Default.JobJournal
                    )
                ),
            IsOfAJob
        );
    }

    [Fact]
    public void Manifest()
    {
        const string manifest =
            """{"name": "mine", "version": "1.6", "imported_from": "/x", "added": "2026-11-28T00:00:00+00:00","""
            + """ "files": [{"path": "vae/config.json", "length": 10, "sha256": "aa"}]}""";
        string[] names = ["name", "version", "imported_from", "added", "files", "path", "length", "sha256"];
        var model = Directory.CreateDirectory(_folder.File("mine")).FullName;
        Campaign.Run(
            "record of a model",
            Choose.Either(
                Mutations.Of([manifest], "../", "\\\\", "null", "-1", "[", "{", "1e999"),
                Grammars.Json(names, ["mine", "../x", "a/b", "C:x"]).Bytes()
            ),
            bytes =>
            {
                File.WriteAllBytes(Path.Combine(model, ModelManifest.FileName), bytes);
                var read = ModelManifest.Read(model)!;
                Assert.All(read.Files, file =>
                    Assert.StartsWith(model + Path.DirectorySeparatorChar, Path.GetFullPath(Path.Combine(model, file.Path)), StringComparison.Ordinal)
                );
            },
            error => error is LipSyncException { Code: LipSyncErrorCode.InvalidModel }
        );
    }

    [Fact]
    public void DownloadJournal_()
    {
        const long length = 1000;
        var (partial, journal) = (_folder.File("partial"), _folder.File("journal.json"));
        File.WriteAllBytes(partial, new byte[length]);
        var remote = new RemoteFile(length, "etag", new string((char)97, 64), Commit: null);
        var seed = JsonSerializer.Serialize(
            new JournalState("etag", length, [new ByteRange(0, 100), new ByteRange(500, 600)]),
            JournalJson.Default.JournalState
        );
        Campaign.Run(
            "journal of a download",
            Choose.Either(
                Mutations.Of([seed], "-1", "9223372036854775807", "null", "[", "{", "1e999"),
                Grammars.Json(["e_tag", "length", "finished", "start", "end"], ["etag"]).Bytes()
            ),
            bytes =>
            {
                File.WriteAllBytes(journal, bytes);
                var read = DownloadJournal.Open(journal, partial, remote, interval: 100);
                Assert.InRange(read.Received, 0, length);
                Assert.Equal(length, read.Received + read.Missing().Sum(range => range.Length));
                if (read.Received == 0)
                {
                    throw new NothingKeptException();
                }
            },
            error => error is NothingKeptException
        );
    }

    private static bool IsOfAJob(Exception error) => error is LipSyncException { Code: LipSyncErrorCode.InvalidInput or LipSyncErrorCode.InvalidOptions };

    private string Output => _folder.File("result.mp4");

    private byte[] Description() =>
        JsonSerializer.SerializeToUtf8Bytes(
            new JobDescription
            {
                Output = Output,
                Options = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["Output"] = Output,
                    ["Video"] = "a.mp4",
                    ["Seed"] = "5",
                },
                Facts = new Dictionary<string, string>(StringComparer.Ordinal) { ["version of latentsync"] = "0.1.0" },
                Inputs = new Dictionary<string, string>(StringComparer.Ordinal),
            },
            JobJson.Default.JobDescription
        );

    /// <summary>What <c>latentsync resume</c> and <c>sync</c> read before they continue.</summary>
    private void Continue(byte[] description, byte[] journal)
    {
        var folder = Directory.CreateDirectory(JobPlace.Of(Output)).FullName;
        File.WriteAllBytes(Path.Combine(folder, JobPlace.DescriptionName), description);
        File.WriteAllBytes(Path.Combine(folder, JobPlace.JournalName), journal);
        var wanted = JsonSerializer.Deserialize(Description(), JobJson.Default.JobDescription)!;
        using (var job = JobFolder.Open(Output, isRestart: false, TimeSpan.FromSeconds(10), new FrameClock(25, 25)))
        {
            job.BeginAsync(wanted, new Dictionary<string, string>(StringComparer.Ordinal), CancellationToken.None).GetAwaiter().GetResult();
        }

        File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(folder).FullName, JobPlace.DescriptionName), description);
        File.WriteAllBytes(Path.Combine(folder, JobPlace.JournalName), journal);
        var found = UnfinishedJobs.Find(Output);
        Assert.Equal(Output, found.Output);
    }

    /// <summary>Nothing of the journal was believed, which costs a download.</summary>
    private sealed class NothingKeptException : Exception;
}
