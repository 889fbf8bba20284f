using LatentSync.Files;
using LatentSync.Models.Catalogue;
using LatentSync.Models.Download;
using LatentSync.Models.Store;

namespace LatentSync.Models.Operations;

/// <summary>Downloads a known model into the store. Files that are there whole are kept; the manifest comes last.</summary>
internal sealed class ModelPull(HubClient hub, DownloadSettings settings, string store)
{
    private const string Action = "download";

    private readonly RetryPolicy _retry = new(settings.Delay);

    /// <summary>Downloads what is missing of a model; the caller has its lock.</summary>
    /// <exception cref="LipSyncException">A file cannot be had, or the disk has no room for it.</exception>
    public async Task<ModelManifest> RunAsync(KnownModel model, IProgress<ModelProgress>? progress, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(store, model.Name);
        var remotes = new List<RemoteFile>();
        foreach (var file in model.Files)
        {
            remotes.Add(await DescribeAsync(file, cancellationToken).ConfigureAwait(false));
        }

        var meter = new TransferMeter(progress, settings.Time, Action, remotes.Sum(remote => remote.Length));
        var entries = new ManifestFile?[model.Files.Count];
        var downloads = new List<(int Index, FileDownload Download)>();
        foreach (var (index, file) in model.Files.Index())
        {
            var target = Path.Combine(folder, file.Path);
            entries[index] = await FindWholeAsync(file, remotes[index], target, cancellationToken).ConfigureAwait(false);
            if (entries[index] is null)
            {
                downloads.Add((index, new FileDownload(hub, settings, file, remotes[index], target)));
            }
        }

        RequireSpace(downloads.Sum(item => item.Download.Remote.Length - item.Download.Resumed));
        meter.Skip(entries.Sum(entry => entry?.Length ?? 0) + downloads.Sum(item => item.Download.Resumed));
        foreach (var (index, download) in downloads)
        {
            var digest = await download.RunAsync(meter.Count, cancellationToken).ConfigureAwait(false);
            entries[index] = Entry(model.Files[index], download.Remote, digest);
        }

        var manifest = new ModelManifest
        {
            Name = model.Name,
            Version = model.Version,
            Added = settings.Time.GetUtcNow(),
            Files = [.. entries.Select(entry => entry!)],
        };
        manifest.Write(folder);
        return manifest;
    }

    private async Task<RemoteFile> DescribeAsync(KnownFile file, CancellationToken cancellationToken)
    {
        RemoteFile? remote = null;
        await _retry
            .RunAsync(hub.Host, () => 0, async () => remote = await hub.DescribeAsync(file, cancellationToken).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);
        if ((file.Length ?? remote!.Length) != remote!.Length || (remote.Sha256 is { } digest && digest != (file.Sha256 ?? digest)))
        {
            throw HubErrors.Unusable(file, $"{hub.Host} has another file of that name than this program knows");
        }

        return remote;
    }

    private static async Task<ManifestFile?> FindWholeAsync(KnownFile file, RemoteFile remote, string target, CancellationToken cancellationToken)
    {
        // Without a digest the right length is no proof, and such files are small.
        if ((file.Sha256 ?? remote.Sha256) is not { } expected || !File.Exists(target) || new FileInfo(target).Length != remote.Length)
        {
            return null;
        }

        var digest = await FileDigest.ComputeAsync(target, _ => { }, cancellationToken).ConfigureAwait(false);
        return digest == expected ? Entry(file, remote, digest) : null;
    }

    private void RequireSpace(long needed)
    {
        var free = settings.FreeSpace(store);
        if (needed > free)
        {
            throw StoreErrors.NoSpace(store, needed, free);
        }
    }

    private static ManifestFile Entry(KnownFile file, RemoteFile remote, string digest) =>
        new()
        {
            Path = file.Path,
            Length = remote.Length,
            Sha256 = digest,
            Repository = file.Repository,
            Revision = remote.Commit,
            ETag = remote.ETag,
        };
}
