using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace LatentSync.Cli.Speech;

/// <summary>A text as sound, in a temporary file that goes away with this.</summary>
internal sealed class SpeechFile : IDisposable
{
    // Programs take a second or two for the longest text.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // A WAV file without a sample is no longer.
    private const int EmptyBytes = 64;
    private const int MostLastWords = 300;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("latentsync-speech-");

    private SpeechFile() { }

    /// <summary>The sound.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, "speech.wav");

    /// <summary>Speaks a text with the first synthesizer that is installed.</summary>
    /// <param name="text">What <see cref="SpeechText"/> lets through.</param>
    /// <param name="voice">The synthesizer's name of a voice; null for the usual one.</param>
    /// <param name="synthesizers">What to look for, in this order.</param>
    /// <param name="searchPath">The value of PATH.</param>
    /// <param name="cancellationToken">Kills the program.</param>
    /// <exception cref="LipSyncException">None is installed, or it failed.</exception>
    public static async Task<SpeechFile> SpeakAsync(
        string text,
        string? voice,
        IReadOnlyList<Synthesizer> synthesizers,
        string? searchPath,
        CancellationToken cancellationToken
    )
    {
        var (synthesizer, program) = Find(synthesizers, searchPath);
        var speech = new SpeechFile();
        try
        {
            var task = new SpeechTask(text, System.IO.Path.Combine(speech._folder.FullName, "text.txt"), speech.Path, voice);
            await File.WriteAllTextAsync(task.TextFile, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellationToken);
            await RunAsync(synthesizer, program, task, cancellationToken);
            return speech;
        }
        catch
        {
            speech.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    private static (Synthesizer Synthesizer, string Program) Find(IReadOnlyList<Synthesizer> synthesizers, string? searchPath)
    {
        var extension = OperatingSystem.IsWindows() ? ".exe" : string.Empty;

        // A relative entry of PATH would make the result depend on the current folder, where a stranger's file may lie.
        var folders = (searchPath ?? string.Empty)
            .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(System.IO.Path.IsPathFullyQualified)
            .ToList();
        foreach (var synthesizer in synthesizers)
        {
            var program = folders.Select(folder => System.IO.Path.Combine(folder, synthesizer.Program + extension)).FirstOrDefault(File.Exists);
            if (program is not null)
            {
                return (synthesizer, program);
            }
        }

        throw new LipSyncException(
            LipSyncErrorCode.MissingDependency,
            $"--say needs a speech synthesizer, and none was found; install espeak-ng ({InstallCommand}), or give a sound to \"latentsync sync --audio\"."
        );
    }

    private static FormattableString InstallCommand =>
        OperatingSystem.IsWindows() ? (FormattableString)$"winget install eSpeak-NG.eSpeak-NG"
        : OperatingSystem.IsMacOS() ? (FormattableString)$"brew install espeak-ng"
        : $"on Debian and Ubuntu: sudo apt install espeak-ng";

    private static async Task RunAsync(Synthesizer synthesizer, string program, SpeechTask task, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        synthesizer.Prepare(start, task);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var process = Start(start, synthesizer.Program);
        try
        {
            process.StandardInput.Close();
            var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
            await process.WaitForExitAsync(patience.Token);
            var words = (await error + await output).ReplaceLineEndings(" ").Trim();
            if (process.ExitCode != 0 || !File.Exists(task.SoundFile) || new FileInfo(task.SoundFile).Length <= EmptyBytes)
            {
                throw Failure(
                    synthesizer.Program,
                    words.Length == 0 ? (FormattableString)$"exit code {process.ExitCode}" : $"{words[..Math.Min(words.Length, MostLastWords)]}"
                );
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure(synthesizer.Program, $"it took longer than {Patience.TotalSeconds} seconds");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(ProcessStartInfo start, string name)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw Failure(name, $"{error.Message}");
        }
    }

    private static LipSyncException Failure(string program, FormattableString reason) =>
        new(LipSyncErrorCode.MediaToolFailed, $"{program} could not speak the text ({reason}); try another text or another --voice.");
}
