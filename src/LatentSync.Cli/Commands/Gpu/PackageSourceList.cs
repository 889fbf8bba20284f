using NuGet.Common;
using NuGet.Configuration;
using NuGet.Protocol;
using NuGet.Protocol.Core.Types;
using NuGet.Versioning;

namespace LatentSync.Cli.Commands.Gpu;

/// <summary>
/// The NuGet feeds of this user, as <c>dotnet restore</c> would use them outside of any folder's own settings: mirrors,
/// passwords and proxies included.
/// </summary>
/// <param name="given">A feed's address or a folder instead of those; null for none.</param>
internal sealed class PackageSourceList(string? given)
{
    /// <summary>Writes a package into a stream, from the first feed that has it.</summary>
    /// <exception cref="LipSyncException">DownloadFailed: no feed has it or can be reached. InvalidOptions: no usable feed.</exception>
    public async Task DownloadAsync(string id, string version, Stream target, CancellationToken cancellationToken)
    {
        using var cache = new SourceCacheContext { DirectDownload = true, NoCache = true };
        var failures = new List<FormattableString>();
        foreach (var source in Sources())
        {
            try
            {
                var packages = await Repository.Factory.GetCoreV3(source).GetResourceAsync<FindPackageByIdResource>(cancellationToken);
                if (
                    packages is not null
                    && await packages.CopyNupkgToStreamAsync(id, NuGetVersion.Parse(version), target, cache, NullLogger.Instance, cancellationToken)
                )
                {
                    return;
                }

                failures.Add($"{source.Name} does not have it");
            }
            catch (Exception error) when (error is FatalProtocolException or HttpRequestException or IOException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (error.GetBaseException() is LipSyncException own)
                {
                    throw own;
                }

                failures.Add($"{source.Name}: {error.GetBaseException().Message.TrimEnd('.')}");
            }

            target.SetLength(0);
        }

        var reasons = failures.Aggregate((first, second) => $"{first}; {second}");
        throw new LipSyncException(
            LipSyncErrorCode.DownloadFailed,
            $"{id} {version} cannot be downloaded ({reasons}); check the network and your NuGet sources, or name a feed or a folder with --source."
        );
    }

    private List<PackageSource> Sources()
    {
        try
        {
            if (given is not null)
            {
                return [new PackageSource(Directory.Exists(given) ? Path.GetFullPath(given) : given)];
            }

            // No folder: settings of the folder where the program was started may be a stranger's.
            var sources = PackageSourceProvider.LoadPackageSources(Settings.LoadDefaultSettings(root: null)).Where(source => source.IsEnabled).ToList();
            return sources.Count > 0 ? sources : [new PackageSource(NuGetConstants.V3FeedUrl, NuGetConstants.FeedName)];
        }
        catch (Exception error) when (error is NuGetConfigurationException or ArgumentException)
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"The NuGet sources cannot be used ({error.Message.TrimEnd('.')}); correct them, or name a feed or a folder with --source.",
                error
            );
        }
    }
}
