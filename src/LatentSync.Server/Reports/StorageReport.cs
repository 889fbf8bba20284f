using System.IO.Enumeration;
using LatentSync.Server.Data;
using LatentSync.Server.Media;
using Microsoft.EntityFrameworkCore;

namespace LatentSync.Server.Reports;

/// <summary>What the server keeps on its disk: the files themselves are measured, lost ones included.</summary>
internal sealed class StorageReport(IDbContextFactory<ServerDatabase> databases, MediaStore media, TimeProvider time) : IDisposable
{
    // With thousands of jobs measuring takes seconds; who looks again, or also, gets the same.
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = true,
    };

    private readonly SemaphoreSlim _turn = new(1);
    private StorageUse? _last;

    /// <summary>Measures, unless that was done a moment ago.</summary>
    public async Task<StorageUse> ReadAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_last is not { } last || time.GetUtcNow() - last.At >= Freshness)
            {
                var expiry = await NextExpiryAsync(cancellationToken);
                _last = last = await Task.Run(() => Measure(expiry, cancellationToken), cancellationToken);
            }

            return last;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<DateTimeOffset?> NextExpiryAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.Jobs.Where(job => job.ExpiresAt != null).MinAsync(job => job.ExpiresAt, cancellationToken);
    }

    private StorageUse Measure(DateTimeOffset? expiry, CancellationToken cancellationToken)
    {
        var bytes = new Dictionary<Kind, long>();
        foreach (var (kind, length) in new FileSystemEnumerable<(Kind, long)>(media.Folder, Sort, Everything) { ShouldIncludePredicate = IsFile })
        {
            cancellationToken.ThrowIfCancellationRequested();
            bytes[kind] = bytes.GetValueOrDefault(kind) + length;
        }

        return new StorageUse(
            bytes.GetValueOrDefault(Kind.Upload),
            bytes.GetValueOrDefault(Kind.Result),
            bytes.GetValueOrDefault(Kind.Work),
            bytes.GetValueOrDefault(Kind.Database),
            media.FreeBytes(),
            expiry,
            time.GetUtcNow()
        );
    }

    private static bool IsFile(ref FileSystemEntry entry) => !entry.IsDirectory;

    private static (Kind Kind, long Length) Sort(ref FileSystemEntry entry)
    {
        var folder = entry.Directory[entry.RootDirectory.Length..].TrimStart(Path.DirectorySeparatorChar);
        var kind =
            folder.IsEmpty ? (entry.FileName.StartsWith(SqliteDatabase.FileName, StringComparison.Ordinal) ? Kind.Database : Kind.Other)
            : folder.Equals(MediaStore.UploadFolder, StringComparison.Ordinal) ? Kind.Upload
            : folder.StartsWith(MediaStore.JobFolder, StringComparison.Ordinal) && entry.FileName.StartsWith(MediaStore.ResultName, StringComparison.Ordinal)
                ? Kind.Result
            : Kind.Work;
        return (kind, entry.Length);
    }

    private enum Kind
    {
        Upload,
        Result,
        Work,
        Database,
        Other,
    }
}
