using LatentSync.Server.Data;
using LatentSync.Server.Jobs;
using LatentSync.Server.Media;

namespace LatentSync.Server.Work;

/// <summary>Calls files in an engine's sentences what their owner calls them: where they lie is the server's own matter.</summary>
internal sealed class FileNames(MediaStore media)
{
    /// <summary>The sentence without a path of the server.</summary>
    /// <param name="database">Knows the names of the uploads.</param>
    /// <param name="job">Whose files it is about.</param>
    /// <param name="sentence">As the engine said it.</param>
    public async Task<string> SayAsync(ServerDatabase database, Job job, string sentence)
    {
        foreach (var (id, what) in new[] { (job.VideoId, "video"), (job.AudioId, "audio"), (FacePicture.Of(job), "picture") })
        {
            if (id is null)
            {
                continue;
            }

            // Where it is itself, or a copy of it.
            var path = sentence.Contains(media.Copy(id), StringComparison.Ordinal) ? media.Copy(id) : media.Upload(id);
            if (sentence.Contains(path, StringComparison.Ordinal))
            {
                sentence = sentence.Replace(path, (await database.FindUploadAsync(id))?.Name ?? what, StringComparison.Ordinal);
            }
        }

        return sentence
            .Replace(media.Job(job.Id) + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
            .Replace(media.Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
    }
}
