using System.Diagnostics;

namespace LatentSync.Cli.Speech;

/// <summary>A program that speaks a text into a file.</summary>
/// <param name="Program">Its name, without an extension.</param>
/// <param name="Prepare">Gives it what it is to do. The text is in a file, since one that begins with a dash is no option.</param>
internal sealed record Synthesizer(string Program, Action<ProcessStartInfo, SpeechTask> Prepare)
{
    // A script that never changes; the paths come in variables, so that nothing in them is taken for code.
    private const string WindowsScript =
        "$ErrorActionPreference = 'Stop'; Add-Type -AssemblyName System.Speech; "
        + "$voice = New-Object System.Speech.Synthesis.SpeechSynthesizer; "
        + "if ($env:LATENTSYNC_SPEECH_VOICE) { $voice.SelectVoice($env:LATENTSYNC_SPEECH_VOICE) }; "
        + "$voice.SetOutputToWaveFile($env:LATENTSYNC_SPEECH_SOUND); "
        + "$voice.Speak([IO.File]::ReadAllText($env:LATENTSYNC_SPEECH_TEXT)); $voice.Dispose()";

    /// <summary>Those of this system, the best first.</summary>
    public static IReadOnlyList<Synthesizer> OfThisSystem { get; } =
        OperatingSystem.IsWindows() ? [Espeak("espeak-ng"), new("powershell", PowerShell)]
        : OperatingSystem.IsMacOS() ? [Espeak("espeak-ng"), new("say", Say)]
        : [Espeak("espeak-ng"), Espeak("espeak")];

    /// <summary>eSpeak NG, and the older eSpeak, which has the same options but another name for Chinese.</summary>
    public static Synthesizer Espeak(string program) => new(program, (start, task) =>
        {
            var chinese = program == "espeak" ? "zh" : "cmn";
            string[] voice =
                task.Voice is { } name ? ["-v", name]
                : SpeechText.IsChinese(task.Text) ? ["-v", chinese]
                : [];
            Array.ForEach([.. voice, "-b", "1", "-f", task.TextFile, "-w", task.SoundFile], start.ArgumentList.Add);
        });

    private static void Say(ProcessStartInfo start, SpeechTask task)
    {
        string[] voice = task.Voice is { } name ? ["-v", name] : [];
        Array.ForEach([.. voice, "-f", task.TextFile, "-o", task.SoundFile, "--data-format=LEI16@22050"], start.ArgumentList.Add);
    }

    private static void PowerShell(ProcessStartInfo start, SpeechTask task)
    {
        Array.ForEach(["-NoProfile", "-NonInteractive", "-Command", WindowsScript], start.ArgumentList.Add);
        start.Environment["LATENTSYNC_SPEECH_TEXT"] = task.TextFile;
        start.Environment["LATENTSYNC_SPEECH_SOUND"] = task.SoundFile;
        start.Environment["LATENTSYNC_SPEECH_VOICE"] = task.Voice;
    }
}
