using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace LatentSync.Server.Work;

/// <summary>What a card is, as NVIDIA's own tool says.</summary>
/// <param name="Name">Such as <c>NVIDIA H200</c>.</param>
/// <param name="Bytes">Its memory.</param>
internal sealed record CardFacts(string Name, long Bytes)
{
    private const string Tool = "nvidia-smi";
    private const string CardPrefix = "cuda:";
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private static readonly Lazy<Dictionary<string, CardFacts>> Cards = new(Read);

    /// <summary>The card of a device; null if it has none, or nobody says which.</summary>
    public static CardFacts? Of(string device) =>
        device == "cpu" ? null
        : device.StartsWith(CardPrefix, StringComparison.Ordinal) ? Cards.Value.GetValueOrDefault(device[CardPrefix.Length..])
        : Cards.Value.GetValueOrDefault("0");

    private static Dictionary<string, CardFacts> Read()
    {
        var cards = new Dictionary<string, CardFacts>(StringComparer.Ordinal);
        try
        {
            string[] arguments = ["--query-gpu=index,memory.total,name", "--format=csv,noheader,nounits"];
            using var tool = Process.Start(
                new ProcessStartInfo(Tool, arguments)
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                    UseShellExecute = false,
                }
            )!;
            var text = tool.StandardOutput.ReadToEndAsync();
            if (!tool.WaitForExit(Longest))
            {
                tool.Kill();
                return cards;
            }

            foreach (var line in text.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Split(',', 3, StringSplitOptions.TrimEntries) is [var index, var mebibytes, var name])
                {
                    cards[index] = new CardFacts(
                        name,
                        long.TryParse(mebibytes, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size << 20 : 0
                    );
                }
            }
        }
        catch (Win32Exception)
        {
            // No such tool: no such card.
        }

        return cards;
    }
}
