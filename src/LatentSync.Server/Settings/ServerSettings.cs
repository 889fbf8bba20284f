using System.ComponentModel.DataAnnotations;

namespace LatentSync.Server.Settings;

/// <summary>
/// What the server can be told: by flags, by environment (<c>LATENTSYNC_SERVER__NAME</c>) and by <c>server.json</c> in the data
/// folder, the first of them counts. docs/server.md has the table.
/// </summary>
internal sealed class ServerSettings
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Server";

    /// <summary>Where database, uploads and results are.</summary>
    [Required]
    public string Data { get; set; } = string.Empty;

    /// <summary>
    /// How to reach PostgreSQL, such as <c>Host=db;Database=latentsync;Username=latentsync;Password=...</c>; null for the embedded
    /// database. A secret: never a flag.
    /// </summary>
    public string? Database { get; set; }

    /// <summary>How to reach RabbitMQ, such as <c>amqp://user:password@host:5672</c>; null for a server of one process. A secret too.</summary>
    public string? Broker { get; set; }

    /// <summary>What the names of this server's queues begin with: several servers may share a broker.</summary>
    [RegularExpression("[A-Za-z0-9_.-]{1,100}")]
    public string BrokerPrefix { get; set; } = "latentsync";

    /// <summary>Where several processes keep their files; without one they are in the data folder.</summary>
    public StoreSettings Store { get; } = new();

    /// <summary>What this process does.</summary>
    public ServerRole Role { get; set; } = ServerRole.All;

    /// <summary>The most that copies of files of the store take in the data folder, in bytes.</summary>
    [Range(0, long.MaxValue)]
    public long CacheBytes { get; set; } = 20L << 30;

    /// <summary>Signs links to results: 64 hexadecimal digits, the same for all processes; made at the first start where there is one.</summary>
    public string? LinkKey { get; set; }

    /// <summary>What is listened on. Beyond this machine only with keys.</summary>
    public string Listen { get; set; } = "http://127.0.0.1:8300";

    /// <summary>
    /// The address by which clients reach the server, such as <c>https://lips.example</c>, where a proxy is before it: links in
    /// answers and webhooks begin with it. Otherwise that of the request.
    /// </summary>
    public string? PublicUrl { get; set; }

    /// <summary>How long a signed link to a result works.</summary>
    public TimeSpan LinkLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Asks for a key on loopback too.</summary>
    public bool RequireKey { get; set; }

    /// <summary>Devices that jobs run on, one engine each: <c>auto</c>, <c>cpu</c>, <c>cuda:0</c>.</summary>
    public IList<string> Devices { get; } = [];

    /// <summary>The model of jobs that name none.</summary>
    public string Model { get; set; } = "auto";

    /// <summary>GiB of each card that an engine may use; null for what is free.</summary>
    public double? Vram { get; set; }

    /// <summary>The networks' numbers on a card; null for the engine's default.</summary>
    public DevicePrecision? Precision { get; set; }

    /// <summary>The largest upload in bytes.</summary>
    [Range(1, long.MaxValue)]
    public long MaxUploadBytes { get; set; } = 5L << 30;

    /// <summary>The longest input in seconds.</summary>
    [Range(1, 43200)]
    public double MaxSeconds { get; set; } = 7200;

    /// <summary>The most jobs that wait or run, over all owners.</summary>
    [Range(1, int.MaxValue)]
    public int MaxJobs { get; set; } = 100_000;

    /// <summary>The most jobs that wait or run of one key.</summary>
    [Range(1, int.MaxValue)]
    public int MaxJobsPerOwner { get; set; } = 20_000;

    /// <summary>Requests that change something, per key and second; bursts of ten times as many.</summary>
    [Range(1, int.MaxValue)]
    public int RequestsPerSecond { get; set; } = 1000;

    /// <summary>Below so many free bytes nothing is accepted and no work begins.</summary>
    [Range(0, long.MaxValue)]
    public long MinFreeBytes { get; set; } = 1L << 30;

    /// <summary>How long results and inputs of finished jobs are kept.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long an upload waits for a job that uses it.</summary>
    public TimeSpan UploadRetention { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How often a piece of work is tried before its job fails.</summary>
    [Range(1, 100)]
    public int Attempts { get; set; } = 4;

    /// <summary>How long a worker may be silent before another takes its work.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a job waits for a worker of the version that began it before it begins anew with another.</summary>
    public TimeSpan VersionPatience { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long an engine may say nothing before it is killed.</summary>
    public TimeSpan EngineSilence { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long an engine keeps its model without work; then it ends, which frees its memory.</summary>
    public TimeSpan EngineIdle { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a stop waits for the segments in hand; what is not done by then is made again after the next start.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether inputs may be given as https addresses.</summary>
    public bool AllowUrls { get; set; }

    /// <summary>Whether webhooks and inputs may go to addresses of private networks.</summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>Signs webhooks: <c>whsec_</c> and base64; made at the first start if it is not given.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>How long webhooks are tried.</summary>
    public TimeSpan WebhookRetry { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Measures every result with <c>latentsync score</c>.</summary>
    public bool Score { get; set; } = true;

    /// <summary>The largest file an engine or ffmpeg may write, in bytes.</summary>
    [Range(1, long.MaxValue)]
    public long MaxResultBytes { get; set; } = 100L << 30;

    /// <summary>Program and arguments of the engine; empty for this program.</summary>
    public IList<string> Engine { get; } = [];
}
