using LatentSync.Cli.Reporting;

namespace LatentSync.Cli.Commands;

/// <summary>Runs one job and reports on it.</summary>
internal static class SyncJob
{
    /// <summary>Loads the models, syncs, prints the result; 0 if all went well, an exception if not.</summary>
    public static async Task<int> RunAsync(LipSyncRequest request, LipSyncEngineOptions engineOptions, bool json, CancellationToken cancellationToken)
    {
        // A mistyped path should not cost the time to load the models.
        await LipSyncEngine.CheckAsync(request, cancellationToken);
        var result = await ProgressView.RunAsync(json, async progress =>
        {
            using var engine = await Task.Run(() => LipSyncEngine.Load(engineOptions, cancellationToken), cancellationToken);
            return await engine.SyncAsync(request, progress, cancellationToken);
        });
        ResultReport.Write(result, json);
        return 0;
    }
}
