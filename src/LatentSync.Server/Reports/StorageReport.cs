using System.IO.Enumeration;
using LatentSync.Server.Data;
using LatentSync.Server.Data.Sqlite;
using LatentSync.Server.Media;
using LatentSync.Server.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Reports;

/// <summary>
/// What the server keeps. In folders the files themselves are measured, lost ones included; of what is in S3, where that would take
/// a request for every thousand, the database knows the lengths.
/// </summary>
internal sealed class StorageReport(IDbContextFactory<ServerDatabase> databases, MediaStore media, IOptions<ServerSettings> settings, TimeProvider time)
    : IDisposable
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
                last = await Task.Run(() => Measure(expiry, cancellationToken), cancellationToken);
                _last = last = settings.Value.Store.Bucket is { } bucket ? await WithBucketAsync(last, bucket, cancellationToken) : last;
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

    private async Task<StorageUse> WithBucketAsync(StorageUse local, string bucket, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return local with
        {
            Bucket = bucket,
            UploadBytes = await database.UploadParts.SumAsync(part => part.Length, cancellationToken),
            ResultBytes = await database.Jobs.SumAsync(job => job.ResultBytes ?? 0, cancellationToken),
        };
    }

    private StorageUse Measure(DateTimeOffset? expiry, CancellationToken cancellationToken)
    {
        var bytes = new Dictionary<Kind, long>();
        string[] folders = settings.Value.Store.Folder is { } shared ? [media.Folder, Path.GetFullPath(shared)] : [media.Folder];
        foreach (var folder in folders)
        {
            foreach (var (kind, length) in new FileSystemEnumerable<(Kind, long)>(folder, Sort, Everything) { ShouldIncludePredicate = IsFile })
            {
                cancellationToken.ThrowIfCancellationRequested();
                bytes[kind] = bytes.GetValueOrDefault(kind) + length;
            }
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
            : folder.StartsWith(MediaStore.JobFolder, StringComparison.Ordinal) && IsResult(folder, entry.FileName) ? Kind.Result
            : Kind.Work;
        return (kind, entry.Length);
    }

    /// <summary>In its place by its name, in a shared folder by the name of its folder.</summary>
    private static bool IsResult(ReadOnlySpan<char> folder, ReadOnlySpan<char> name) =>
        name.StartsWith(MediaStore.ResultName, StringComparison.Ordinal) || Path.GetFileName(folder).Equals(MediaStore.ResultName, StringComparison.Ordinal);

    private enum Kind
    {
        Upload,
        Result,
        Work,
        Database,
        Other,
    }
}
