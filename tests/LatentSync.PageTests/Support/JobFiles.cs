using System.Text;
using Microsoft.Playwright;

namespace LatentSync.PageTests.Support;

/// <summary>Files as somebody chooses them; the video tells the test engine what to do.</summary>
internal static class JobFiles
{
    /// <summary>A video of which the test engine makes some segments.</summary>
    public static FilePayload Video(long seed, int length = 64) => File("head.mp4", "video/mp4", Invariant($"seed={seed};").PadRight(length, '.'));

    /// <summary>A sound.</summary>
    public static FilePayload Sound() => File("voice.wav", "audio/wav", "sound");

    /// <summary>Chooses both on the page.</summary>
    public static async Task ChooseAsync(IPage page, FilePayload video, FilePayload sound)
    {
        await page.SetInputFilesAsync("[data-kind=video] input", video);
        await page.SetInputFilesAsync("[data-kind=audio] input", sound);
    }

    private static FilePayload File(string name, string type, string content) =>
        new()
        {
            Name = name,
            MimeType = type,
            Buffer = Encoding.UTF8.GetBytes(content),
        };
}
