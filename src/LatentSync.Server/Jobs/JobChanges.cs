using LatentSync.Server.Data;
using LatentSync.Server.Work.Scheduling;
using Microsoft.EntityFrameworkCore;

namespace LatentSync.Server.Jobs;

/// <summary>
/// Changes of one job within one transaction, and the events that tell of them. Every change goes through here: the state
/// never goes back except by <see cref="RetryAsync"/>, and each leaves a row with its time.
/// </summary>
internal sealed class JobChanges(ServerDatabase database, Job job, TimeProvider time)
{
    private readonly List<JobEvent> _events = [];

    /// <summary>What is to be published once it is on the disk.</summary>
    public IReadOnlyList<JobEvent> Events => _events;

    /// <summary>The job.</summary>
    public Job Job => job;

    /// <summary>Whether the job ended by these changes.</summary>
    public bool IsEnd => job.State.IsFinal() && _events.Exists(change => change.Kind == "state" && change.State.IsFinal());

    /// <summary>Whether webhooks were added that tell of them.</summary>
    public bool HasMessages { get; private set; }

    private DateTimeOffset Now => time.GetUtcNow();

    /// <summary>A job that was just made.</summary>
    public void Begin()
    {
        database.Jobs.Add(job);
        Tell("created");
    }

    /// <summary>Goes to a later state.</summary>
    /// <exception cref="InvalidOperationException">It would go back, or the job has ended.</exception>
    public void Go(JobState state, string? message = null)
    {
        if (!state.MayFollow(job.State))
        {
            throw new InvalidOperationException($"A job that is {job.State} cannot become {state}.");
        }

        job.State = state;
        if (state is JobState.Analysing or JobState.Generating)
        {
            job.StartedAt ??= Now;
        }

        if (state.IsFinal())
        {
            job.FinishedAt = Now;
        }

        Tell("state", message);
    }

    /// <summary>Something happened that changes no state.</summary>
    public void Tell(string kind, string? message = null)
    {
        job.UpdatedAt = Now;
        var change = new JobEvent
        {
            JobId = job.Id,
            At = Now,
            State = job.State,
            Kind = kind,
            Message = message,
            Attempt = job.Attempt,
        };
        database.Events.Add(change);
        _events.Add(change);
    }

    /// <summary>The job fails; what was made of it is kept.</summary>
    public async Task FailAsync(string kind, string message, DateTimeOffset expires)
    {
        (job.ErrorKind, job.ErrorMessage, job.ExpiresAt) = (kind, message, expires);
        await DropWorkAsync();
        Go(JobState.Failed, message);
    }

    /// <summary>The job is stopped.</summary>
    public async Task CancelAsync(DateTimeOffset expires)
    {
        job.ExpiresAt = expires;
        await DropWorkAsync();
        Go(JobState.Cancelled);
    }

    /// <summary>Begins again where a job has stopped: the analysis and the segments that are done stay.</summary>
    public async Task RetryAsync()
    {
        if (job.State is not (JobState.Failed or JobState.Cancelled))
        {
            throw new InvalidOperationException($"A job that is {job.State} cannot be retried.");
        }

        job.Attempt++;
        (job.ErrorKind, job.ErrorMessage, job.FinishedAt, job.ExpiresAt) = (null, null, null, null);
        var done = await database
            .Work.Where(work => work.JobId == job.Id && work.Kind == WorkKind.Segment && work.State == WorkState.Done)
            .Select(work => work.Segment)
            .ToListAsync();
        var missing = Enumerable.Range(0, job.Segments).Except(done).ToList();
        job.State = job.Analysis is null ? JobState.Queued : JobState.Generating;
        job.SegmentsDone = done.Count;
        Tell("retry");
        if (job.Analysis is null)
        {
            Add(WorkKind.Analyse);
        }
        else if (missing.Count == 0)
        {
            Go(JobState.Joining);
            Add(WorkKind.Join);
        }
        else
        {
            missing.ForEach(segment => Add(WorkKind.Segment, segment));
        }
    }

    /// <summary>Begins anew from the analysis: nobody could go on with what was made.</summary>
    /// <param name="message">Why; a sentence.</param>
    /// <param name="failures">How often the analysis was made in vain.</param>
    public async Task BeginAnewAsync(string message, int failures = 0)
    {
        await database
            .Work.Where(work => work.JobId == job.Id && work.Kind != WorkKind.Fetch && work.State != WorkState.Failed)
            .ExecuteUpdateAsync(set =>
                set.SetProperty(work => work.State, WorkState.Dropped)
                    .SetProperty(work => work.LeaseToken, (string?)null)
                    .SetProperty(work => work.LeaseUntil, (DateTimeOffset?)null)
            );
        job.Attempt++;
        (job.Analysis, job.Segments, job.SegmentsDone, job.Frames, job.Version) = (null, 0, 0, 0, null);
        (job.State, job.Model) = (JobState.Queued, NamedModel.Of(job));
        Tell("retry", message);
        Add(WorkKind.Analyse, failures: failures);
    }

    /// <summary>Makes a segment once more that a worker has in hand for too long; whoever is done first counts.</summary>
    /// <param name="slow">What the slow worker has.</param>
    public void Race(WorkItem slow) =>
        database.Work.Add(
            new WorkItem
            {
                JobId = job.Id,
                JobAttempt = job.Attempt,
                Kind = slow.Kind,
                Rank = WorkRank.Race,
                Owner = slow.Owner,
                Place = slow.Place,
                Model = slow.Model,
                Version = slow.Version,
                RaceOf = slow.Id,
                Segment = slow.Segment,
                State = WorkState.Ready,
                JobCreatedAt = slow.JobCreatedAt,
                NotBefore = Now,
            }
        );

    /// <summary>Gives work to whoever is free.</summary>
    /// <param name="kind">What is to be done.</param>
    /// <param name="segment">Number of the segment; 0 for other kinds.</param>
    /// <param name="failures">How often it was done in vain.</param>
    public void Add(WorkKind kind, int segment = 0, int failures = 0) =>
        database.Work.Add(
            new WorkItem
            {
                JobId = job.Id,
                JobAttempt = job.Attempt,
                Kind = kind,
                Rank = kind == WorkKind.Score ? WorkRank.Extra : WorkRank.Needed,
                Owner = job.Owner,
                Place = WorkOrder.Place(job, segment),
                Model = kind is WorkKind.Analyse or WorkKind.Segment ? job.Model : null,
                Version = kind is WorkKind.Segment or WorkKind.Join ? job.Version : null,
                Segment = segment,
                Failures = failures,
                State = WorkState.Ready,
                JobCreatedAt = job.CreatedAt,
                NotBefore = Now,
            }
        );

    /// <summary>Adds a webhook that is sent once the changes are on the disk.</summary>
    public void Add(WebhookDelivery message)
    {
        database.Webhooks.Add(message);
        HasMessages = true;
    }

    private async Task DropWorkAsync()
    {
        // What this change itself did to a piece of work comes first.
        await database.SaveChangesAsync();
        await database
            .Work.Where(work => work.JobId == job.Id && (work.State == WorkState.Ready || work.State == WorkState.Leased))
            .ExecuteUpdateAsync(set =>
                set.SetProperty(work => work.State, WorkState.Dropped)
                    .SetProperty(work => work.LeaseToken, (string?)null)
                    .SetProperty(work => work.LeaseUntil, (DateTimeOffset?)null)
            );
    }
}
