using LatentSync.Jobs;
using LatentSync.Pipeline.FileJob;

namespace LatentSync.Pipeline.Segments;

/// <summary>Of which job an analysis is: what its segments depend on, but not where the files lie, so that other machines may make them.</summary>
internal static class AnalyzedJob
{
    private const string LikeSomebody = "like";

    /// <summary>Describes a job.</summary>
    /// <param name="request">The job.</param>
    /// <param name="ffmpeg">ffmpeg's version.</param>
    /// <param name="model">What tells the model, and the side of its faces in pixels; null where no model is at hand.</param>
    /// <exception cref="LipSyncException">OutputFailed: an input cannot be read.</exception>
    public static JobDescription Describe(LipSyncRequest request, string ffmpeg, (string Fingerprint, int Resolution)? model)
    {
        var inputs = RequestOptions.Inputs(request);
        var options = RequestOptions.Of(request, new Dictionary<string, string>(StringComparer.Ordinal));
        var facts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [JobComparison.EngineVersion] = typeof(AnalyzedJob).Assembly.GetName().Version?.ToString() ?? string.Empty,
            [JobComparison.FfmpegVersion] = ffmpeg,
        };
        if (model is { } known)
        {
            facts[JobComparison.Model] = known.Fingerprint;
            facts[JobComparison.Resolution] = Invariant($"{known.Resolution}");
        }

        return new JobDescription
        {
            Output = string.Empty,
            Options = options
                .Where(option => option.Key is not nameof(request.Video) and not nameof(request.Audio) and not nameof(request.Output))
                .ToDictionary(
                    option => option.Key,
                    option => option.Key == nameof(FaceOptions.Face) && request.Options.Faces.Face.Picture is not null ? LikeSomebody : option.Value,
                    StringComparer.Ordinal
                ),
            Facts = facts,
            Inputs = inputs.ToDictionary(input => input.Key, input => JobFiles.Fingerprint(input.Value), StringComparer.Ordinal),
        };
    }

    /// <summary>Refuses the analysis of another job.</summary>
    /// <param name="path">The analysis.</param>
    /// <param name="known">The job it is of.</param>
    /// <param name="request">The job that is wanted.</param>
    /// <param name="wanted">The same, from <see cref="Describe"/>.</param>
    /// <exception cref="LipSyncException">InvalidOptions or InvalidInput, with the first thing that differs.</exception>
    public static void RequireSame(string path, JobDescription known, LipSyncRequest request, JobDescription wanted)
    {
        if (JobComparison.Difference(known, wanted) is { } difference)
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"\"{path}\" is the analysis of a job {difference}; use the same options, model and programs, or analyze the video again."
            )
            {
                Path = path,
            };
        }

        foreach (var (option, file) in RequestOptions.Inputs(request))
        {
            if (known.Inputs.GetValueOrDefault(option) != wanted.Inputs.GetValueOrDefault(option))
            {
                throw new LipSyncException(
                    LipSyncErrorCode.InvalidInput,
                    $"\"{file}\" is not the file that \"{path}\" is the analysis of; put that file back, or analyze the video again."
                )
                {
                    Path = file,
                };
            }
        }
    }
}
