using System.Globalization;

namespace LatentSync.ServerLoad;

/// <summary>A server that has done a job and has nothing more to do.</summary>
internal static class Idle
{
    private const int SettleSeconds = 60;

    /// <summary>Runs it and says what came of it.</summary>
    public static async Task<bool> RunAsync(LoadedServer server, int seconds)
    {
        await new Submissions(server, 1, 1, 0).RunAsync();
        await Task.Delay(TimeSpan.FromSeconds(SettleSeconds));
        var before = server.ProcessorTime();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        var share = (server.ProcessorTime() - before).TotalSeconds / seconds * 100;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"idle for {seconds} s: {server.Memory():0} MiB, {share:0.00} % of a core"));
        return true;
    }
}
