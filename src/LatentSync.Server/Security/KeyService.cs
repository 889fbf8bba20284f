using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using LatentSync.Server.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;

namespace LatentSync.Server.Security;

/// <summary>Keys of clients: <c>lsk_ID_SECRET</c>, of which only a digest of the secret is kept.</summary>
internal sealed class KeyService(IDbContextFactory<ServerDatabase> databases, TimeProvider time) : IDisposable
{
    private const string Prefix = "lsk";
    private const int IdBytes = 6;
    private const int SecretBytes = 32;
    private const int LongestName = 100;
    private const int LongestKey = 200;

    // A revoked key works for so long at most.
    private static readonly TimeSpan CacheDuration = TimeSpan.FromSeconds(5);

    // Compared with where there is no such key, so that both cases take as long.
    private static readonly byte[] NoDigest = SHA256.HashData([]);

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    // Of keys that exist only, so there are never more than these.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new(StringComparer.Ordinal);

    /// <summary>Makes a key.</summary>
    /// <param name="name">Whose, for the list.</param>
    /// <param name="scopes">What it may do.</param>
    /// <param name="owner">Who makes it, for the audit log.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What the client sends; it cannot be read again.</returns>
    public async Task<(ApiKey Key, string Text)> AddAsync(string name, IReadOnlyCollection<string> scopes, string owner, CancellationToken cancellationToken)
    {
        if (name.Length is 0 or > LongestName || scopes.Count == 0 || scopes.Any(scope => !Scopes.All.Contains(scope, StringComparer.Ordinal)))
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"A key needs a name of at most {LongestName} letters and scopes out of submit, read and admin; correct what is missing."
            );
        }

        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        var text = Convert.ToHexStringLower(secret);
        var key = new ApiKey
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)),
            Name = name,
            Digest = Digest(text),
            Scopes = string.Join(' ', scopes.Distinct(StringComparer.Ordinal)),
            CreatedAt = time.GetUtcNow(),
        };
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        database.Keys.Add(key);
        database.Audit.Add(Entry(owner, "key.add", key.Id));
        await database.SaveChangesAsync(cancellationToken);
        return (key, $"{Prefix}_{key.Id}_{text}");
    }

    /// <summary>All keys, also revoked ones.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.Keys.AsNoTracking().OrderBy(key => key.CreatedAt).ToListAsync(cancellationToken);
    }

    /// <summary>Whether there is a key that works.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database.Keys.AnyAsync(key => key.RevokedAt == null, cancellationToken);
    }

    /// <summary>From now on the key does not work.</summary>
    /// <param name="id">The key.</param>
    /// <param name="owner">Who revokes it, for the audit log.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False if there is none of this id.</returns>
    public async Task<bool> RevokeAsync(string id, string owner, CancellationToken cancellationToken)
    {
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        if (await database.Keys.FirstOrDefaultAsync(key => key.Id == id && key.RevokedAt == null, cancellationToken) is not { } key)
        {
            return false;
        }

        key.RevokedAt = time.GetUtcNow();
        database.Audit.Add(Entry(owner, "key.revoke", id));
        await database.SaveChangesAsync(cancellationToken);
        _cache.Remove(id);
        return true;
    }

    /// <summary>When a key was used last; null if that was before this process.</summary>
    public DateTimeOffset? UsedAt(string id) => _used.TryGetValue(id, out var at) ? at : null;

    /// <summary>The key that a client sent; null if it is none that works.</summary>
    public async Task<ApiKey?> FindAsync(string text, CancellationToken cancellationToken)
    {
        if (text.Length > LongestKey || text.Split('_') is not [Prefix, var id, var secret])
        {
            return null;
        }

        var key = await LookUpAsync(id, cancellationToken);
        return CryptographicOperations.FixedTimeEquals(Digest(secret), key?.Digest ?? NoDigest) ? Used(key) : null;
    }

    /// <summary>The key of an id that was proven before; null if it does not work any more.</summary>
    public async Task<ApiKey?> FindByIdAsync(string id, CancellationToken cancellationToken) => Used(await LookUpAsync(id, cancellationToken));

    public void Dispose() => _cache.Dispose();

    private ApiKey? Used(ApiKey? key)
    {
        if (key is not null)
        {
            _used[key.Id] = time.GetUtcNow();
        }

        return key;
    }

    private async Task<ApiKey?> LookUpAsync(string id, CancellationToken cancellationToken)
    {
        if (!_cache.TryGetValue(id, out ApiKey? key))
        {
            await using var database = await databases.CreateDbContextAsync(cancellationToken);
            key = await database.Keys.AsNoTracking().FirstOrDefaultAsync(key => key.Id == id && key.RevokedAt == null, cancellationToken);
            using var entry = _cache.CreateEntry(id);
            (entry.Value, entry.Size, entry.AbsoluteExpirationRelativeToNow) = (key, 1, CacheDuration);
        }

        return key;
    }

    private AuditEntry Entry(string owner, string action, string id) =>
        new()
        {
            At = time.GetUtcNow(),
            Who = owner,
            Action = action,
            Target = id,
        };

    private static byte[] Digest(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
