using System.Globalization;

namespace LatentSync.TestEngine;

/// <summary>What this engine is told when it is started: <c>version=1.2.3</c>, <c>slow=20</c>.</summary>
/// <param name="Version">What it says its version is; it goes on with analyses of no other.</param>
/// <param name="Slow">The least that a segment takes; the same machine is slow at all of them.</param>
internal sealed record EngineArguments(string Version, TimeSpan Slow)
{
    private const string DefaultVersion = "9.9.9";

    public static EngineArguments Read(IEnumerable<string> arguments)
    {
        var read = new EngineArguments(DefaultVersion, TimeSpan.Zero);
        foreach (var argument in arguments)
        {
            read = argument.Split('=', 2) switch
            {
                ["version", var version] => read with { Version = version },
                ["slow", var seconds] => read with { Slow = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)) },
                _ => throw new ArgumentException($"There is no argument \"{argument}\".", nameof(arguments)),
            };
        }

        return read;
    }
}
