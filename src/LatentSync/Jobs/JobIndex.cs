using System.Security.Cryptography;
using System.Text;
using LatentSync.Files;

namespace LatentSync.Jobs;

/// <summary>
/// Where this user's unfinished jobs are: a file per job in <c>jobs</c> of the <see cref="UserFolder"/>, which holds the
/// path of the job's folder. Only a help for listing them; jobs work without.
/// </summary>
internal static class JobIndex
{
    private const int LongestPath = 1 << 15;
    private const int NameLength = 32;

    private static string Folder => Path.Combine(UserFolder.Find(Environment.GetEnvironmentVariable), "jobs");

    /// <summary>Records a job.</summary>
    public static void Add(string jobFolder) =>
        Try(() =>
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(Entry(jobFolder), jobFolder);
        });

    /// <summary>Forgets a job.</summary>
    public static void Remove(string jobFolder) => Try(() => File.Delete(Entry(jobFolder)));

    /// <summary>The folders of the jobs that are still there; the others are forgotten.</summary>
    public static IReadOnlyList<string> List()
    {
        var folders = new List<string>();
        Try(() =>
        {
            foreach (var entry in Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder).ToList() : [])
            {
                var folder = UserFile.Length(entry) is > 0 and <= LongestPath ? File.ReadAllText(entry) : string.Empty;
                if (Path.IsPathFullyQualified(folder) && File.Exists(Path.Combine(folder, JobPlace.DescriptionName)))
                {
                    folders.Add(folder);
                }
                else
                {
                    File.Delete(entry);
                }
            }
        });
        return [.. folders.Order(StringComparer.Ordinal)];
    }

    private static string Entry(string jobFolder) =>
        Path.Combine(Folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(jobFolder)))[..NameLength]);

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The list is for convenience: a home that cannot be written to must not stop a job.
        }
    }
}
