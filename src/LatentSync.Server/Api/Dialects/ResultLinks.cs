using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using LatentSync.Server.Security;
using LatentSync.Server.Settings;
using Microsoft.Extensions.Options;

namespace LatentSync.Server.Api.Dialects;

/// <summary>Addresses of results that need no key; see <see cref="LinkSigner"/>.</summary>
internal sealed class ResultLinks(LinkSigner signer, IOptions<ServerSettings> settings)
{
    /// <summary>The address of a result; null if the job has none.</summary>
    /// <param name="job">The job.</param>
    /// <param name="baseUrl">What it begins with.</param>
    /// <param name="name">What a downloaded file is called, without extension; null for the id.</param>
    public string? Of(Job job, string baseUrl, string? name = null) =>
        job is { State: JobState.Succeeded, ResultDigest: not null }
            ? baseUrl + signer.Sign(LinkEndpoints.PathOf(job, name), settings.Value.LinkLifetime)
            : null;
}
