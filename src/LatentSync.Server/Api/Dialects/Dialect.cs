using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace LatentSync.Server.Api.Dialects;

/// <summary>The interface of another service, so that its clients work with this server: docs/api-dialects.md.</summary>
/// <param name="Name">As in <see cref="Data.Job.Dialect"/>.</param>
/// <param name="Path">Under which all its addresses are.</param>
/// <param name="Answer">Status and body of an error, as its clients expect them.</param>
internal sealed record Dialect(string Name, string Path, Func<DialectError, (int Status, JsonObject Body)> Answer)
{
    /// <summary>Answers with an error.</summary>
    public Task WriteAsync(HttpContext context, DialectError error)
    {
        var (status, body) = Answer(error);
        return DialectJson.Answer(body, status).ExecuteAsync(context);
    }
}
