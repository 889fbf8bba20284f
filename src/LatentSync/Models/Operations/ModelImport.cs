using LatentSync.Checkpoints;
using LatentSync.Files;
using LatentSync.Models.Catalogue;
using LatentSync.Models.Download;
using LatentSync.Models.Store;

namespace LatentSync.Models.Operations;

/// <summary>Takes a model folder as users have them into the store, under the store's own file names.</summary>
internal sealed class ModelImport(DownloadSettings settings, string store)
{
    private const string Action = "import";

    /// <summary>The files of a model folder, by their names in the store.</summary>
    public static IReadOnlyDictionary<string, string> Parts(ModelFolder folder)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["latentsync_unet" + Path.GetExtension(folder.UNetPath)] = folder.UNetPath,
            ["whisper/" + Path.GetFileName(folder.WhisperPath)] = folder.WhisperPath,
            ["vae/config.json"] = folder.VaeConfigPath,
            ["vae/" + Path.GetFileName(folder.VaePath)] = folder.VaePath,
        };
        if (folder.UNetConfigPath is { } config)
        {
            parts["config.yaml"] = config;
        }

        return parts;
    }

    /// <summary>The name a model gets if the user gives none: of the published model it is, else of its folder.</summary>
    /// <exception cref="LipSyncException">The folder's name cannot be one.</exception>
    public static string DefaultName(ModelFolder folder)
    {
        if (KnownCheckpoint.Find(new FileInfo(folder.UNetPath).Length) is { } known)
        {
            return "latentsync-" + known.Version;
        }

        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Path)));
        return ModelName.IsValid(name)
            ? name
            : throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"The name of the folder \"{folder.Path}\" cannot be the name of a model; choose one with {new OptionReference("Name")}."
            )
            {
                Path = folder.Path,
            };
    }

    /// <summary>Takes the model in; the caller has the lock of its name.</summary>
    /// <exception cref="LipSyncException">The name is taken, nothing tells the model's resolution, or the disk is full.</exception>
    public async Task<ModelManifest> RunAsync(
        ModelFolder source,
        string name,
        ModelImportMode mode,
        IProgress<ModelProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        RequireResolution(source);
        var target = Path.Combine(store, name);
        if (Path.Exists(target))
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"\"{target}\" exists already; choose another {new OptionReference("Name")}, or remove it with \"latentsync models remove {name}\"."
            )
            {
                Path = target,
            };
        }

        var parts = Parts(source);
        var total = parts.Values.Sum(path => new FileInfo(RealPath(path)).Length);
        var meter = new TransferMeter(progress, settings.Time, Action, total);
        var stage = Path.Combine(store, $".{name}.import-{Guid.NewGuid():N}");
        try
        {
            var files = new List<ManifestFile>();
            foreach (var (path, from) in parts)
            {
                var to = Path.Combine(stage, path);
                Place(RealPath(from), to, mode);
                var digest = await FileDigest.ComputeAsync(to, meter.Count, cancellationToken).ConfigureAwait(false);
                files.Add(
                    new ManifestFile
                    {
                        Path = path,
                        Length = new FileInfo(to).Length,
                        Sha256 = digest,
                    }
                );
            }

            var manifest = new ModelManifest
            {
                Name = name,
                Version = source.Version.Version,
                ImportedFrom = Path.GetFullPath(source.Path),
                Added = settings.Time.GetUtcNow(),
                Files = files,
            };
            manifest.Write(stage);
            Directory.Move(stage, target);
            return manifest;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Disk(target, $"written", error);
        }
        finally
        {
            if (Directory.Exists(stage))
            {
                Directory.Delete(stage, recursive: true);
            }
        }
    }

    /// <summary>
    /// The resolution must be told by what is copied, the checkpoint or the configuration, and not by the folder's name,
    /// which the store does not keep.
    /// </summary>
    private static void RequireResolution(ModelFolder source)
    {
        var isTold =
            KnownCheckpoint.Find(new FileInfo(RealPath(source.UNetPath)).Length) is not null
            || (source.UNetConfigPath is not null && source.Resolution == source.UNet.Resolution);
        if (!isTold)
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidModel,
                $"No file in \"{source.Path}\" tells the model's resolution; put its training config.yaml, with data.resolution, next to the UNet."
            )
            {
                Path = source.Path,
            };
        }
    }

    private void Place(string from, string to, ModelImportMode mode)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        if (mode != ModelImportMode.Copy && HardLink.TryCreate(from, to))
        {
            return;
        }

        if (mode == ModelImportMode.Link)
        {
            throw new LipSyncException(
                LipSyncErrorCode.OutputFailed,
                $"\"{from}\" cannot be linked into the store \"{store}\", which may be on another volume; use {new OptionReference("Copy")}."
            )
            {
                Path = from,
            };
        }

        var (needed, free) = (new FileInfo(from).Length, settings.FreeSpace(store));
        if (needed > free)
        {
            throw StoreErrors.NoSpace(store, needed, free);
        }

        File.Copy(from, to);
    }

    private static string RealPath(string path) => new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
}
