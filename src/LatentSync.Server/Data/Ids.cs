namespace LatentSync.Server.Data;

/// <summary>Ids that sort by time and cannot be guessed.</summary>
internal static class Ids
{
    private const string JobPrefix = "job_";
    private const string UploadPrefix = "upl_";
    private const string WebhookPrefix = "msg_";

    public static string Job(TimeProvider time) => New(JobPrefix, time);

    public static string Upload(TimeProvider time) => New(UploadPrefix, time);

    public static string Webhook(TimeProvider time) => New(WebhookPrefix, time);

    private static string New(string prefix, TimeProvider time) => prefix + Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
}
