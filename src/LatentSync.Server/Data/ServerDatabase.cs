using Microsoft.EntityFrameworkCore;

namespace LatentSync.Server.Data;

/// <summary>The truth about jobs, work and uploads. SQLite, or with the same model another database of EF Core's.</summary>
internal sealed class ServerDatabase(DbContextOptions<ServerDatabase> options) : DbContext(options)
{
    private const int IdLength = 64;

    public DbSet<Job> Jobs => Set<Job>();

    public DbSet<JobEvent> Events => Set<JobEvent>();

    public DbSet<WorkItem> Work => Set<WorkItem>();

    public DbSet<Upload> Uploads => Set<Upload>();

    public DbSet<UploadPart> UploadParts => Set<UploadPart>();

    public DbSet<WorkerRecord> Workers => Set<WorkerRecord>();

    public DbSet<ApiKey> Keys => Set<ApiKey>();

    public DbSet<IdempotentRequest> IdempotentRequests => Set<IdempotentRequest>();

    public DbSet<WebhookDelivery> Webhooks => Set<WebhookDelivery>();

    public DbSet<WorkRate> Rates => Set<WorkRate>();

    public DbSet<AuditEntry> Audit => Set<AuditEntry>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // SQLite cannot compare its texts of times with an offset.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMillisecondsConverter>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(IdLength);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Job>(job =>
        {
            job.Property(j => j.Id).HasMaxLength(IdLength);
            job.HasIndex(j => new { j.Owner, j.Id });
            job.HasIndex(j => j.State);
            job.HasIndex(j => j.ExpiresAt);
            job.HasIndex(j => j.VideoId);
            job.HasIndex(j => j.AudioId);
        });
        modelBuilder.Entity<JobEvent>(entry =>
        {
            entry.HasKey(e => e.Sequence);
            entry.HasIndex(e => new { e.JobId, e.Sequence });
        });
        modelBuilder.Entity<WorkItem>(work =>
        {
            // In the order in which work is taken: with ten thousand jobs that wait, sorting them each time took most of the time.
            work.HasIndex(w => new
            {
                w.State,
                w.Rank,
                w.Owner,
                w.Place,
                w.Id,
            });

            // Whose turn was longest ago.
            work.HasIndex(w => new { w.Owner, w.TakenAt });
            work.HasIndex(w => w.JobId);

            // Of two processes that take the same item only one succeeds.
            work.Property(w => w.LeaseToken).IsConcurrencyToken();
        });
        modelBuilder.Entity<WorkRate>().HasKey(rate => rate.Kind);
        modelBuilder.Entity<UploadPart>().HasKey(part => new { part.UploadId, part.Offset });
        modelBuilder.Entity<WorkerRecord>().HasKey(worker => worker.Name);
        modelBuilder.Entity<Upload>().HasIndex(upload => upload.ExpiresAt);
        modelBuilder.Entity<IdempotentRequest>(request =>
        {
            request.HasKey(r => new { r.Owner, r.Key });
            request.HasIndex(r => r.ExpiresAt);
        });
        modelBuilder.Entity<WebhookDelivery>(delivery =>
        {
            delivery.HasIndex(d => new
            {
                d.DeliveredAt,
                d.AbandonedAt,
                d.NextAt,
            });
            delivery.HasIndex(d => d.JobId);
        });
    }
}
