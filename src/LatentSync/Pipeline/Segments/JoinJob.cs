using System.Diagnostics;
using LatentSync.Media.Encoders;
using LatentSync.Media.Ffmpeg;
using LatentSync.Media.Probe;
using LatentSync.Media.Read;
using LatentSync.Media.Write;
using LatentSync.Pipeline.FileJob;
using LatentSync.Pipeline.Stages;
using LatentSync.Progress;

namespace LatentSync.Pipeline.Segments;

/// <summary>Joins the parts of a result's pictures, gives them their sound, and puts the result in its place. Needs no model.</summary>
internal sealed class JoinJob(LipSyncRequest request, Action<FormattableString>? notice)
{
    private readonly WorkTimes _times = new();

    /// <summary>Joins.</summary>
    /// <param name="analysisPath">The job's analysis.</param>
    /// <param name="paths">The files of all its parts, in their order; they stay.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LipSyncException">A part is missing or another one, or the result cannot be written.</exception>
    public async Task<LipSyncResult> RunAsync(string analysisPath, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        using var list = OutputFile.Create(request.Output, request.Overwrite, [request.Video, request.Audio, analysisPath, .. paths]);
        var tools = MediaTools.Locate();
        var (inputs, analysis) = await OpenedJob.ReadAsync(request, analysisPath, tools, model: null, cancellationToken).ConfigureAwait(false);
        var options = OpenedJob.WriteOptions(request, inputs, analysis);
        await RequirePartsAsync(tools, options, analysis, paths, cancellationToken).ConfigureAwait(false);
        var store = new GivenSegments(analysis.Segments, [.. paths.Select(Path.GetFullPath)], list.CreatePartial());
        var writer = await VideoWriter.CreateAsync(tools, options, store, cancellationToken).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            var completion = new JobCompletion(request, inputs, _times)
            {
                Counts = analysis.Counts,
                Shown = analysis.Shown,
                Cuts = analysis.Cuts,
                Unusable = analysis.Unusable,
                Damages = [analysis.VideoDamage?.At(request.Video), analysis.SoundDamage?.At(request.Audio)],
            };
            var schedule = FlowStages.Schedule(request.Options, analysis.Samples, AudioReader.SampleRate) with { ReferenceFrames = analysis.ReferenceFrames };
            return await completion.RunAsync(writer, schedule, notice, cancellationToken).ConfigureAwait(false) with { Elapsed = watch.Elapsed };
        }
    }

    private static async Task RequirePartsAsync(
        MediaTools tools,
        VideoWriteOptions options,
        StoredAnalysis analysis,
        IReadOnlyList<string> paths,
        CancellationToken cancellationToken
    )
    {
        var count = analysis.Segments.Count;
        if (paths.Count != count)
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidOptions,
                $"The job has {count} segments, but {paths.Count} files were named; name the file of each segment in their order."
            );
        }

        var mistakes = new LipSyncException?[count];
        await Parallel
            .ForAsync(
                0,
                count,
                new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount },
                async (i, stop) => mistakes[i] = await MistakeAsync(tools, options, analysis.Segments[i], paths[i], stop).ConfigureAwait(false)
            )
            .ConfigureAwait(false);
        if (Array.Find(mistakes, mistake => mistake is not null) is { } first)
        {
            throw first;
        }
    }

    private static async Task<LipSyncException?> MistakeAsync(
        MediaTools tools,
        VideoWriteOptions options,
        SegmentEntry entry,
        string path,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var media = await MediaProbe.ProbeAsync(tools, path, cancellationToken).ConfigureAwait(false);
            return
                media.FormatName.Split(',').Contains(VideoEncoder.For(options.Encoding).IntermediateMuxer, StringComparer.Ordinal)
                && media.Video is { Rotation: 0 } video
                && (video.Width, video.Height, video.FrameCount) == (options.Width, options.Height, entry.Frames)
                && path.AsSpan().IndexOfAny('\n', '\r') < 0
                ? null
                : new LipSyncException(
                    LipSyncErrorCode.InvalidInput,
                    $"\"{path}\" is not a segment of this job with {entry.Frames} frames of {options.Width}x{options.Height}; make it again."
                )
                {
                    Path = path,
                };
        }
        catch (LipSyncException error)
        {
            return error;
        }
    }
}
