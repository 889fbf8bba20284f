using LatentSync.TestKit;

namespace LatentSync.EndToEndTests.Cli;

/// <summary>
/// The program in a folder of its own, made of links to the one under test, so that what comes with it can be changed:
/// the samples are cut to <see cref="Seconds"/>, and parts can be taken away.
/// </summary>
internal sealed class DemoProgram : IDisposable
{
    /// <summary>Length of the samples. In the first 2 s alone any mouth follows the loudness 15 frames early as well as in time.</summary>
    public const double Seconds = 2.88;

    /// <summary>Frames of a result.</summary>
    public const int Frames = 72;

    /// <summary>Side of the sample's square frames.</summary>
    public const int Side = 512;

    // The host resolves a link to the program itself and would then find the rest beside its target.
    private const string Program = "LatentSync.Cli.";

    private readonly TemporaryFolder _folder = new();

    /// <summary>Makes the folder.</summary>
    /// <param name="silent">Silence takes the place of the voice.</param>
    public DemoProgram(bool silent = false)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SKIPPED: links need rights on Windows.");
        foreach (
            var entry in Directory.EnumerateFileSystemEntries(AppContext.BaseDirectory).Where(entry => Path.GetFileName(entry) is not ("models" or "samples"))
        )
        {
            var name = Path.GetFileName(entry);
            if (name.StartsWith(Program, StringComparison.Ordinal))
            {
                File.Copy(entry, _folder.File(name));
            }
            else if (Directory.Exists(entry))
            {
                Directory.CreateSymbolicLink(_folder.File(name), entry);
            }
            else
            {
                File.CreateSymbolicLink(_folder.File(name), entry);
            }
        }

        Link("models");
        Directory.CreateDirectory(_folder.File("samples"));
        Samples.Make("-i", OriginalVideo, "-t", Invariant($"{Seconds}"), "-crf", "10", Video);
        string[] sound = silent ? ["-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono"] : ["-i", OriginalAudio];
        Samples.Make([.. sound, "-t", Invariant($"{Seconds}"), Audio]);
    }

    /// <summary>The folder of the program.</summary>
    public string Folder => _folder.Path;

    /// <summary>The sample video, cut.</summary>
    public string Video => Path.Combine(_folder.File("samples"), "head.mp4");

    /// <summary>The sample voice, cut.</summary>
    public string Audio => Path.Combine(_folder.File("samples"), "voice.wav");

    private static string OriginalVideo => Path.Combine(AppContext.BaseDirectory, "samples", "head.mp4");

    private static string OriginalAudio => Path.Combine(AppContext.BaseDirectory, "samples", "voice.wav");

    /// <summary>Skips a test where this build has no model.</summary>
    public static void SkipWithoutModel() =>
        Assert.SkipUnless(
            File.Exists(Path.Combine(RepositoryFolder.Path, "models", "demo", "latentsync_unet.pt")),
            "SKIPPED: the checkout has no model in models/demo."
        );

    /// <summary>Takes the built-in model away, if this build has one.</summary>
    public void RemoveModel() => File.Delete(_folder.File("models"));

    /// <summary>Starts the program in a folder.</summary>
    public Task<CliResult> RunAsync(string workingFolder, params string[] arguments) => CliRun.RunAsync(arguments, start =>
        {
            start.WorkingDirectory = workingFolder;
            start.ArgumentList[start.ArgumentList.IndexOf(Path.Combine(AppContext.BaseDirectory, Program + "dll"))] = Path.Combine(Folder, Program + "dll");
        });

    public void Dispose() => _folder.Dispose();

    private void Link(string name)
    {
        var target = Path.Combine(AppContext.BaseDirectory, name);
        if (Directory.Exists(target))
        {
            Directory.CreateSymbolicLink(_folder.File(name), target);
        }
    }
}
