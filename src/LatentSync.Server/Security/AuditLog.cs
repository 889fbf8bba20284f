using LatentSync.Server.Data;
using Microsoft.AspNetCore.Http;

namespace LatentSync.Server.Security;

/// <summary>Who did what, from where.</summary>
internal sealed class AuditLog(DatabaseWriter writer, TimeProvider time)
{
    /// <summary>Adds an entry.</summary>
    public Task WriteAsync(HttpContext context, string action, string target)
    {
        var entry = new AuditEntry
        {
            At = time.GetUtcNow(),
            Who = context.Owner(),
            Action = action,
            Target = target,
            Address = context.Connection.RemoteIpAddress?.ToString(),
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
