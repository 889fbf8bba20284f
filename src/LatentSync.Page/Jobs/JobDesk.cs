using System.Globalization;
using System.Text.Json.Nodes;
using LatentSync.Server.Api;
using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using LatentSync.Server.Media;
using LatentSync.Server.Security;
using LatentSync.Server.Settings;
using LatentSync.Server.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LatentSync.Page.Jobs;

/// <summary>What the page does with jobs, in the name of an owner: the same as clients of the interface.</summary>
internal sealed class JobDesk(JobService jobs, IDbContextFactory<ServerDatabase> databases, MediaFiles media, AuditLog audit, IOptions<ServerSettings> settings)
{
    /// <summary>Submits a job, or an analysis alone.</summary>
    /// <exception cref="RequestException">It cannot be accepted.</exception>
    public async Task<string> SubmitAsync(
        string owner,
        string video,
        string audio,
        IReadOnlyDictionary<string, string> options,
        bool isAnalysis,
        CancellationToken cancellationToken
    )
    {
        var submission = new JobSubmission
        {
            Owner = owner,
            // A browser says what it likes: an address is as little welcome here as in the interface.
            Video = InputAddress.Checked(video, settings.Value),
            Audio = InputAddress.Checked(audio, settings.Value),
            Options = Json(options),
            IsAnalysis = isAnalysis,
        };
        return (await jobs.SubmitAsync(submission, cancellationToken)).Job.Id;
    }

    /// <summary>A job of the owner.</summary>
    /// <exception cref="RequestException">404.</exception>
    public async Task<JobFacts> FindAsync(string owner, string id, CancellationToken cancellationToken)
    {
        var job = await jobs.FindAsync(owner, id, cancellationToken);
        return Facts(job, await NamesAsync([job], cancellationToken), await jobs.PositionAsync(job, cancellationToken));
    }

    /// <summary>Jobs of the owner, newest first, without analyses.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<List<JobFacts>> ListAsync(JobFilter filter, CancellationToken cancellationToken)
    {
        var found = await jobs.ListAsync(filter, cancellationToken);
        var names = await NamesAsync(found, cancellationToken);
        return found.ConvertAll(job => Facts(job, names, position: null));
    }

    /// <summary>Stops a job.</summary>
    public async Task CancelAsync(string owner, string id, CancellationToken cancellationToken)
    {
        await jobs.CancelAsync(owner, id, cancellationToken);
        await audit.WriteAsync(owner, "job.cancel", id, address: null);
    }

    /// <summary>Resumes a job where it stopped.</summary>
    public async Task RetryAsync(string owner, string id, CancellationToken cancellationToken)
    {
        await jobs.RetryAsync(owner, id, cancellationToken);
        await audit.WriteAsync(owner, "job.retry", id, address: null);
    }

    /// <summary>Deletes a job with its files.</summary>
    public async Task DeleteAsync(string owner, string id, CancellationToken cancellationToken)
    {
        await jobs.DeleteAsync(owner, id, cancellationToken);
        await audit.WriteAsync(owner, "job.delete", id, address: null);
    }

    /// <summary>Seconds that jobs with other options will take after an analysis; null where nothing like one was done before.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="analysis">The analysis.</param>
    /// <param name="options">Those of each job.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RequestException">404.</exception>
    public async Task<IReadOnlyList<double?>> ForecastAsync(
        string owner,
        string analysis,
        IEnumerable<IReadOnlyDictionary<string, string>> options,
        CancellationToken cancellationToken
    )
    {
        var job = await jobs.FindAsync(owner, analysis, cancellationToken);
        var found = job.Analysis is { } said ? (JsonObject)JsonNode.Parse(said)! : null;
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        var seconds = new List<double?>();
        foreach (var values in options)
        {
            var planned = new Job
            {
                Id = job.Id,
                Owner = owner,
                CreatedAt = job.CreatedAt,
                UpdatedAt = job.UpdatedAt,
                State = job.State,
                VideoId = job.VideoId,
                AudioId = job.AudioId,
                Options = Json(values).ToJsonString(),
                Dialect = job.Dialect,
                Container = job.Container,
            };
            seconds.Add(found is null ? null : (double?)(await Forecasts.OfAsync(database, planned, found))?["seconds"]);
        }

        return seconds;
    }

    /// <summary>Options as a client would send them: numbers as numbers.</summary>
    public static JsonObject Json(IReadOnlyDictionary<string, string> options)
    {
        var json = new JsonObject();
        foreach (var (name, value) in options)
        {
            json[name] =
                bool.TryParse(value, out var isOn) ? isOn
                : ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? whole
                : double.TryParse(value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
                : value;
        }

        return json;
    }

    private JobFacts Facts(Job job, IReadOnlyDictionary<string, string> names, int? position) => JobFacts.Of(job, names, media.HasPreview(job), position);

    private async Task<Dictionary<string, string>> NamesAsync(IReadOnlyCollection<Job> found, CancellationToken cancellationToken)
    {
        var ids = found.SelectMany(job => new[] { job.VideoId, job.AudioId }).Distinct(StringComparer.Ordinal).ToList();
        await using var database = await databases.CreateDbContextAsync(cancellationToken);
        return await database
            .Uploads.AsNoTracking()
            .Where(upload => ids.Contains(upload.Id) && upload.Name != null)
            .ToDictionaryAsync(upload => upload.Id, upload => upload.Name!, StringComparer.Ordinal, cancellationToken);
    }
}
