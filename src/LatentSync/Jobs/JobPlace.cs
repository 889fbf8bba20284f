using System.Text.RegularExpressions;
using LatentSync.Files;

namespace LatentSync.Jobs;

/// <summary>Where the folder of a job is, and what lies in it. It is hidden beside the output, so that it is on the same disk.</summary>
internal static partial class JobPlace
{
    /// <summary>The ending of a job folder's name.</summary>
    public const string Ending = ".latentsync";

    /// <summary>The file with the <see cref="JobDescription"/>.</summary>
    public const string DescriptionName = "job.json";

    /// <summary>The file with the <see cref="JobJournal"/>.</summary>
    public const string JournalName = "journal.json";

    /// <summary>The file that a running job holds.</summary>
    public const string LockName = "lock";

    /// <summary>The file that tells ffmpeg the order of the parts.</summary>
    public const string ListName = "list.txt";

    private const string NewEnding = AtomicFile.NewEnding;

    /// <summary>The folder of an output's job.</summary>
    public static string Of(string output)
    {
        var full = Path.GetFullPath(output);
        return Path.Combine(Path.GetDirectoryName(full)!, HiddenName.Of(Path.GetFileName(full), Ending));
    }

    /// <summary>The name of a part.</summary>
    public static string SegmentName(int index, string extension) => Invariant($"{index:00000}{extension}");

    /// <summary>Whether a file of this name was made by a job; nothing else is ever deleted.</summary>
    public static bool IsOwn(string name) =>
        name is DescriptionName or JournalName or LockName or ListName or DescriptionName + NewEnding or JournalName + NewEnding or ListName + NewEnding
        || SegmentPattern().IsMatch(name);

    /// <summary>Deletes a job's files, and its folder if nothing else is in it.</summary>
    public static void Delete(string folder)
    {
        try
        {
            foreach (var file in Directory.EnumerateFiles(folder).Where(path => IsOwn(Path.GetFileName(path))).ToList())
            {
                File.Delete(file);
            }

            if (!Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A hidden folder that cannot be removed does no harm; the next job of that output uses or removes it.
        }
    }

    [GeneratedRegex(@"^[0-9]{5}\.(mp4|mov)\z", RegexOptions.None, 1000)]
    private static partial Regex SegmentPattern();
}
