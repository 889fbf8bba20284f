using LatentSync.Server.Data;
using LatentSync.Server.Data.Writing;
using Microsoft.AspNetCore.Http;

namespace LatentSync.Server.Security;

/// <summary>Who did what, from where.</summary>
internal sealed class AuditLog(DatabaseWriter writer, TimeProvider time)
{
    /// <summary>Adds an entry.</summary>
    public Task WriteAsync(HttpContext context, string action, string target) =>
        WriteAsync(context.Owner(), action, target, context.Connection.RemoteIpAddress?.ToString());

    /// <summary>Adds an entry of what came in by another way than a request.</summary>
    public Task WriteAsync(string owner, string action, string target, string? address)
    {
        var entry = new AuditEntry
        {
            At = time.GetUtcNow(),
            Who = owner,
            Action = action,
            Target = target,
            Address = address,
        };
        return writer.WriteAsync(
            database =>
            {
                database.Audit.Add(entry);
                return Task.CompletedTask;
            },
            CancellationToken.None
        );
    }
}
