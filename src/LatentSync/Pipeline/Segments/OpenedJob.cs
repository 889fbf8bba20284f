using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Write;
using LatentSync.Pipeline.FileJob;
using LatentSync.Pipeline.Stages;

namespace LatentSync.Pipeline.Segments;

/// <summary>
/// A job of which segments are made: its inputs looked into, its sound heard, its analysis read. That is done once for all
/// segments that follow each other.
/// </summary>
internal sealed class OpenedJob
{
    private readonly LipSyncRequest _request;
    private readonly string _analysisPath;
    private readonly IReadOnlyList<(long Length, DateTime Changed)> _files;

    private OpenedJob(LipSyncRequest request, string analysisPath, JobInputs inputs, StoredAnalysis analysis, HeardSound heard, VideoWriteOptions writing)
    {
        (_request, _analysisPath, _files) = (request, analysisPath, Files(request, analysisPath));
        (Inputs, Analysis, Heard, Writing) = (inputs, analysis, heard, writing);
    }

    /// <summary>The video and the sound.</summary>
    public JobInputs Inputs { get; }

    /// <summary>What is known of the whole video.</summary>
    public StoredAnalysis Analysis { get; }

    /// <summary>What the model hears.</summary>
    public HeardSound Heard { get; }

    /// <summary>How the pictures are encoded.</summary>
    public VideoWriteOptions Writing { get; }

    /// <summary>Opens a job.</summary>
    /// <param name="request">The job.</param>
    /// <param name="analysisPath">Its analysis.</param>
    /// <param name="model">What tells the model, and the side of its faces in pixels.</param>
    /// <param name="stages">Hear the sound.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LipSyncException">Something is not what it was when the video was analyzed, or cannot be used here.</exception>
    public static async Task<OpenedJob> OpenAsync(
        LipSyncRequest request,
        string analysisPath,
        (string Fingerprint, int Resolution) model,
        FlowStages stages,
        CancellationToken cancellationToken
    )
    {
        var tools = MediaTools.Locate();
        var (inputs, analysis) = await ReadAsync(request, analysisPath, tools, model, cancellationToken).ConfigureAwait(false);
        var (heard, _, _) = await inputs.HearAsync(stages, cancellationToken).ConfigureAwait(false);
        var writing = await EncoderTrial.ResolveAsync(tools, WriteOptions(request, inputs, analysis), cancellationToken).ConfigureAwait(false);
        return new OpenedJob(request, analysisPath, inputs, analysis, heard, writing);
    }

    /// <summary>Looks into the inputs of a job, and reads what is known of its video.</summary>
    /// <inheritdoc cref="OpenAsync"/>
    public static async Task<(JobInputs Inputs, StoredAnalysis Analysis)> ReadAsync(
        LipSyncRequest request,
        string analysisPath,
        MediaTools tools,
        (string Fingerprint, int Resolution)? model,
        CancellationToken cancellationToken
    )
    {
        var ffmpeg = await tools.RequireVersionAsync(cancellationToken).ConfigureAwait(false);
        var inputs = await JobInputs.OpenAsync(request, tools, cancellationToken).ConfigureAwait(false);
        var analysis = AnalysisFile.Read(analysisPath);
        AnalyzedJob.RequireSame(analysisPath, analysis.Job, request, AnalyzedJob.Describe(request, ffmpeg, model));
        return analysis.Video.TicksPerSecond == inputs.Clock.TicksPerSecond ? (inputs, analysis) : throw AnalysisFile.Damaged(analysisPath);
    }

    /// <summary>How the pictures are encoded: with the encoder that was found when the video was analyzed.</summary>
    public static VideoWriteOptions WriteOptions(LipSyncRequest request, JobInputs inputs, StoredAnalysis analysis)
    {
        var options = new OutputPlan(request, inputs).WriteOptions;
        return options with { Encoding = options.Encoding with { Encoder = analysis.Encoder } };
    }

    /// <summary>Whether this is the same job, of the same files.</summary>
    public bool IsOf(LipSyncRequest request, string analysisPath) =>
        _request with { Preview = null } == request with { Preview = null }
        && _analysisPath == analysisPath
        && _files.SequenceEqual(Files(request, analysisPath));

    private static (long Length, DateTime Changed)[] Files(LipSyncRequest request, string analysisPath) =>
        Array.ConvertAll([request.Video, request.Audio, analysisPath], path =>
            new FileInfo(path) is { Exists: true } file ? (file.Length, file.LastWriteTimeUtc) : default
        );
}
