using System.Diagnostics.CodeAnalysis;
using LatentSync.Server.Data;
using LatentSync.Server.Data.Writing;
using LatentSync.Server.Jobs;
using LatentSync.Server.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Api.Dialects;

/// <summary>Uploads as the dialects need them beyond <see cref="Uploads.UploadService"/>.</summary>
internal sealed class DialectUploads(IDbContextFactory<ServerDatabase> databases, DatabaseWriter writer, IOptions<ServerSettings> settings, TimeProvider time)
{
    /// <summary>An upload of whoever; for requests that come by a signed link.</summary>
    /// <exception cref="RequestException">404.</exception>
    public async Task<Upload> FindAnyAsync(string id, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.Uploads.AsNoTracking().FirstOrDefaultAsync(upload => upload.Id == id, cancellationToken)
            ?? throw RequestException.NotFound("upload", id);
    }

    /// <summary>Uploads of an owner that are complete, newest first.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="before">Only older ones than this id; null for all.</param>
    /// <param name="search">Only those whose name has this in it; null for all.</param>
    /// <param name="count">The most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [SuppressMessage("Globalization", "CA1309", Justification = "The database compares, byte by byte.")]
    public async Task<List<Upload>> ListAsync(string owner, string? before, string? search, int count, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var found = database.Uploads.AsNoTracking().Where(upload => upload.Owner == owner && upload.IsComplete);
        found = before is null ? found : found.Where(upload => string.Compare(upload.Id, before) < 0);
        found = search is null ? found : found.Where(upload => upload.Name != null && upload.Name.Contains(search));
        return await found.OrderByDescending(upload => upload.Id).Take(count).ToListAsync(cancellationToken);
    }

    /// <summary>An upload that is fetched from an address when a job needs it.</summary>
    public async Task<Upload> AddAddressAsync(string owner, string url, string? name, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var upload = new Upload
        {
            Id = Ids.Upload(time),
            Owner = owner,
            CreatedAt = now,
            Name = name,
            Url = url,
            ExpiresAt = now + settings.Value.UploadRetention,
        };
        await writer.WriteAsync(
            database =>
            {
                database.Uploads.Add(upload);
                return Task.CompletedTask;
            },
            cancellationToken
        );
        return upload;
    }

    /// <summary>Gives an upload another name to show.</summary>
    public Task RenameAsync(string id, string name, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            database =>
                database
                    .Uploads.Where(upload => upload.Id == id)
                    .ExecuteUpdateAsync(set => set.SetProperty(upload => upload.Name, name), CancellationToken.None),
            cancellationToken
        );
}
