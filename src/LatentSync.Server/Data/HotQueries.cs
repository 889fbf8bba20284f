using System.Runtime.CompilerServices;
using LatentSync.Server.Data.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace LatentSync.Server.Data;

/// <summary>
/// What every submission asks the database, compiled once: put together anew each time, as <c>FindAsync</c> does it, the queries
/// cost the one writer more than their answers. Not for rows that were added and not yet saved.
/// </summary>
internal static class HotQueries
{
    // A compiled query is one of a database's model.
    private static readonly ConditionalWeakTable<IModel, CompiledQueries> Compiled = [];

    /// <summary>The number of an owner's newest job; 0 for none.</summary>
    public static Task<long> LastNumberAsync(this ServerDatabase database, string owner) => Of(database).Number(database, owner);

    /// <summary>An earlier request with this key; null if there is none.</summary>
    public static Task<IdempotentRequest?> FindRequestAsync(this ServerDatabase database, string owner, string key) =>
        Of(database).Request(database, owner, key);

    /// <summary>An upload; null if there is none.</summary>
    public static Task<Upload?> FindUploadAsync(this ServerDatabase database, string id) => Of(database).Upload(database, id);

    /// <summary>An upload, which until the end of the transaction nobody else changes or deletes; null if there is none.</summary>
    public static Task<Upload?> KeepUploadAsync(this ServerDatabase database, string id) => Of(database).KeptUpload(database, id);

    /// <summary>An upload that is to be changed, which until the end of the transaction nobody else changes; null if there is none.</summary>
    public static Task<Upload?> LockUploadAsync(this ServerDatabase database, string id) => Of(database).LockedUpload(database, id);

    /// <summary>
    /// A job that is to be changed, which until the end of the transaction nobody else changes; null if there is none. Changes of a
    /// job begin with this: two segments that are done at the same moment count both.
    /// </summary>
    public static Task<Job?> LockJobAsync(this ServerDatabase database, string id) => Of(database).LockedJob(database, id);

    /// <summary>A job; null if there is none.</summary>
    public static Task<Job?> FindJobAsync(this ServerDatabase database, string id) => Of(database).Job(database, id);

    private static CompiledQueries Of(ServerDatabase database) => Compiled.GetValue(database.Model, _ => new CompiledQueries());

    private sealed class CompiledQueries
    {
        public Func<ServerDatabase, string, string, Task<IdempotentRequest?>> Request { get; } =
            EF.CompileAsyncQuery(
                (ServerDatabase database, string owner, string key) =>
                    database.IdempotentRequests.FirstOrDefault(request => request.Owner == owner && request.Key == key)
            );

        public Func<ServerDatabase, string, Task<Upload?>> Upload { get; } =
            EF.CompileAsyncQuery((ServerDatabase database, string id) => database.Uploads.FirstOrDefault(upload => upload.Id == id));

        public Func<ServerDatabase, string, Task<Upload?>> KeptUpload { get; } =
            EF.CompileAsyncQuery((ServerDatabase database, string id) => database.Uploads.TagWith(RowLocks.Share).FirstOrDefault(upload => upload.Id == id));

        public Func<ServerDatabase, string, Task<Upload?>> LockedUpload { get; } =
            EF.CompileAsyncQuery((ServerDatabase database, string id) => database.Uploads.TagWith(RowLocks.Update).FirstOrDefault(upload => upload.Id == id));

        public Func<ServerDatabase, string, Task<Job?>> Job { get; } =
            EF.CompileAsyncQuery((ServerDatabase database, string id) => database.Jobs.FirstOrDefault(job => job.Id == id));

        public Func<ServerDatabase, string, Task<Job?>> LockedJob { get; } =
            EF.CompileAsyncQuery((ServerDatabase database, string id) => database.Jobs.TagWith(RowLocks.Update).FirstOrDefault(job => job.Id == id));

        public Func<ServerDatabase, string, Task<long>> Number { get; } =
            EF.CompileAsyncQuery(
                (ServerDatabase database, string owner) =>
                    database.Jobs.Where(job => job.Owner == owner).OrderByDescending(job => job.Id).Select(job => job.Number).FirstOrDefault()
            );
    }
}
