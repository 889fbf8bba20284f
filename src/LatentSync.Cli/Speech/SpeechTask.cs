namespace LatentSync.Cli.Speech;

/// <summary>What is to be spoken.</summary>
/// <param name="Text">The text.</param>
/// <param name="TextFile">A file with the text in UTF-8.</param>
/// <param name="SoundFile">Where the sound goes, a WAV file.</param>
/// <param name="Voice">The program's name of a voice; null for the usual one.</param>
internal sealed record SpeechTask(string Text, string TextFile, string SoundFile, string? Voice);
