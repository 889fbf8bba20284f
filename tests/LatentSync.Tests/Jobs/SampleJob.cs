using System.Text.Json.Nodes;
using LatentSync.Jobs;
using LatentSync.Media.Write;
using LatentSync.TestKit;
using LatentSync.Timeline;

namespace LatentSync.Tests.Jobs;

/// <summary>A job of a video and a sound in a folder of its own. Its parts last ten frames each and hold their own number.</summary>
internal sealed class SampleJob : IDisposable
{
    public const int FramesPerPart = 10;

    private readonly TemporaryFolder _folder = new();

    public SampleJob()
    {
        Output = _folder.File("result.mp4");
        Inputs = new(StringComparer.Ordinal) { ["Video"] = _folder.File("talk.mp4"), ["Audio"] = _folder.File("speech.wav") };
        foreach (var (option, path) in Inputs)
        {
            File.WriteAllText(path, "what is in " + option);
        }

        Description = new JobDescription
        {
            Output = Output,
            Options = new Dictionary<string, string>(StringComparer.Ordinal) { ["Output"] = Output, ["Seed"] = "1247" },
            Facts = new Dictionary<string, string>(StringComparer.Ordinal) { ["model"] = "1.6" },
            Inputs = new Dictionary<string, string>(StringComparer.Ordinal),
        };
    }

    public string Output { get; }

    /// <summary>The folder of the job.</summary>
    public string Place => _folder.File(".result.mp4.latentsync");

    public Dictionary<string, string> Inputs { get; }

    public JobDescription Description { get; set; }

    /// <summary>A file beside the output.</summary>
    public string Beside(string name) => _folder.File(name);

    /// <summary>A file of the job's folder.</summary>
    public string Kept(string name) => Path.Combine(Place, name);

    public JobFolder Open(bool isRestart = false) => JobFolder.Open(Output, isRestart, TimeSpan.FromSeconds(10), FrameClock.Model);

    /// <summary>Opens the folder, and goes on or begins.</summary>
    public async Task<JobFolder> BeginAsync(bool isRestart = false)
    {
        var job = Open(isRestart);
        try
        {
            await job.BeginAsync(Description, Inputs, TestContext.Current.CancellationToken);
            return job;
        }
        catch
        {
            job.Dispose();
            throw;
        }
    }

    /// <summary>The job as far as so many parts; then it is stopped.</summary>
    public async Task StopAfterAsync(int parts)
    {
        using var job = await BeginAsync();
        for (var part = 0; part < parts; part++)
        {
            await AddPartAsync(job);
        }
    }

    /// <summary>Makes the next part.</summary>
    public static async Task AddPartAsync(JobFolder job)
    {
        var index = job.Segments.Count;
        var path = job.PathOf(index, ".mp4");
        await File.WriteAllTextAsync(path, Invariant($"part {index}"), TestContext.Current.CancellationToken);
        await job.AddAsync(new SegmentEntry(FramesPerPart, index * FramesPerPart, (index + 1) * FramesPerPart), path);
    }

    /// <summary>Changes a JSON file of the folder as somebody else might.</summary>
    public void Edit(string name, Action<JsonObject> change)
    {
        var json = JsonNode.Parse(File.ReadAllText(Kept(name)))!.AsObject();
        change(json);
        File.WriteAllText(Kept(name), json.ToJsonString());
    }

    public void Dispose() => _folder.Dispose();
}
