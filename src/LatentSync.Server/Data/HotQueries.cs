using LatentSync.Server.Data.Providers;
using Microsoft.EntityFrameworkCore;

namespace LatentSync.Server.Data;

/// <summary>
/// What every submission asks the database, compiled once: put together anew each time, as <c>FindAsync</c> does it, the queries
/// cost the one writer more than their answers. Not for rows that were added and not yet saved.
/// </summary>
internal static class HotQueries
{
    private static readonly Func<ServerDatabase, string, string, Task<IdempotentRequest?>> RequestQuery = EF.CompileAsyncQuery(
        (ServerDatabase database, string owner, string key) =>
            database.IdempotentRequests.FirstOrDefault(request => request.Owner == owner && request.Key == key)
    );

    private static readonly Func<ServerDatabase, string, Task<Upload?>> UploadQuery = EF.CompileAsyncQuery(
        (ServerDatabase database, string id) => database.Uploads.FirstOrDefault(upload => upload.Id == id)
    );

    private static readonly Func<ServerDatabase, string, Task<Upload?>> KeptUploadQuery = EF.CompileAsyncQuery(
        (ServerDatabase database, string id) => database.Uploads.TagWith(RowLocks.Share).FirstOrDefault(upload => upload.Id == id)
    );

    private static readonly Func<ServerDatabase, string, Task<Upload?>> LockedUploadQuery = EF.CompileAsyncQuery(
        (ServerDatabase database, string id) => database.Uploads.TagWith(RowLocks.Update).FirstOrDefault(upload => upload.Id == id)
    );

    private static readonly Func<ServerDatabase, string, Task<Job?>> JobQuery = EF.CompileAsyncQuery(
        (ServerDatabase database, string id) => database.Jobs.FirstOrDefault(job => job.Id == id)
    );

    private static readonly Func<ServerDatabase, string, Task<Job?>> LockedJobQuery = EF.CompileAsyncQuery(
        (ServerDatabase database, string id) => database.Jobs.TagWith(RowLocks.Update).FirstOrDefault(job => job.Id == id)
    );

    /// <summary>An earlier request with this key; null if there is none.</summary>
    public static Task<IdempotentRequest?> FindRequestAsync(this ServerDatabase database, string owner, string key) => RequestQuery(database, owner, key);

    /// <summary>An upload; null if there is none.</summary>
    public static Task<Upload?> FindUploadAsync(this ServerDatabase database, string id) => UploadQuery(database, id);

    /// <summary>An upload, which until the end of the transaction nobody else changes or deletes; null if there is none.</summary>
    public static Task<Upload?> KeepUploadAsync(this ServerDatabase database, string id) => KeptUploadQuery(database, id);

    /// <summary>An upload that is to be changed, which until the end of the transaction nobody else changes; null if there is none.</summary>
    public static Task<Upload?> LockUploadAsync(this ServerDatabase database, string id) => LockedUploadQuery(database, id);

    /// <summary>
    /// A job that is to be changed, which until the end of the transaction nobody else changes; null if there is none. Changes of a
    /// job begin with this: two segments that are done at the same moment count both.
    /// </summary>
    public static Task<Job?> LockJobAsync(this ServerDatabase database, string id) => LockedJobQuery(database, id);

    /// <summary>A job; null if there is none.</summary>
    public static Task<Job?> FindJobAsync(this ServerDatabase database, string id) => JobQuery(database, id);
}
