using LatentSync.Faces.Tracking;
using LatentSync.Media.Probe;
using LatentSync.Media.Write;
using LatentSync.Pipeline.Flow.Frames;
using LatentSync.Progress;

namespace LatentSync.Pipeline.FileJob;

/// <summary>The end of a job, when all its pictures are there: the sound, the result's place, and what the user is told.</summary>
internal sealed class JobCompletion(LipSyncRequest request, JobInputs inputs, WorkTimes times)
{
    private readonly OutputPlan _output = new(request, inputs);

    /// <summary>What was done to the frames.</summary>
    public required FrameCounts Counts { get; init; }

    /// <summary>What was shown.</summary>
    public required ShownFrames Shown { get; init; }

    /// <summary>Scene cuts that were found.</summary>
    public required int Cuts { get; init; }

    /// <summary>Faces that were seen and not used.</summary>
    public required UnusableFaces Unusable { get; init; }

    /// <summary>What is wrong with the files; null for nothing.</summary>
    public required IReadOnlyList<InputDamage?> Damages { get; init; }

    /// <summary>What is wrong with the files, once where pictures and sound come from the same, and which of their tracks were taken.</summary>
    public static IEnumerable<FormattableString> InputNotices(LipSyncRequest request, JobInputs inputs, IEnumerable<InputDamage?> damages) =>
        damages
            .OfType<InputDamage>()
            .DistinctBy(damage => damage.Path, StringComparer.Ordinal)
            .Select(damage => damage.Notice)
            .Concat(TrackNotices.Of(request, inputs.Source, inputs.Sound));

    /// <summary>Adds the sound, puts the result in its place, and says what a user should know.</summary>
    /// <param name="writer">Has taken all frames.</param>
    /// <param name="schedule">How long the sound is.</param>
    /// <param name="notice">Told one sentence each; null for nobody.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LipSyncException">The disk is full, ffmpeg failed, or the output exists by now.</exception>
    public async Task<LipSyncResult> RunAsync(
        VideoWriter writer,
        FrameSchedule schedule,
        Action<FormattableString>? notice,
        CancellationToken cancellationToken
    )
    {
        var isCopied = await CompleteAsync(writer, schedule, cancellationToken).ConfigureAwait(false);
        foreach (
            var sentence in InputNotices(request, inputs, Damages).Concat(PictureNotices.Of(request, inputs.Video, writer.Encoding, Counts, Unusable, isCopied))
        )
        {
            notice?.Invoke(sentence);
        }

        return new LipSyncResult
        {
            Output = request.Output,
            Frames = (int)writer.FramesWritten,
            Duration = inputs.Clock.Time(Shown.Duration),
            SyncedFrames = Counts.Painted,
            BridgedFrames = Counts[FrameFate.Bridged],
            FramesWithoutFace = Counts[FrameFate.NoFace],
            FramesTurnedAway = Counts[FrameFate.TurnedAway],
            QuietFrames = Counts[FrameFate.Quiet],
            PicturesCopied = isCopied,
            SceneCuts = Cuts,
            Width = inputs.Video.DisplayWidth,
            Height = inputs.Video.DisplayHeight,
            Elapsed = TimeSpan.Zero,
            Times = times.ToDictionary(),
        };
    }

    /// <returns>Whether the pictures are the source's, copied, because no mouth was painted.</returns>
    private async Task<bool> CompleteAsync(VideoWriter writer, FrameSchedule schedule, CancellationToken cancellationToken)
    {
        using var measurement = times.Measure(LipSyncWork.Encode);
        var edit = _output.Edit(schedule, Shown);
        if (Counts.Painted == 0 && _output.CanCopy(Shown))
        {
            var isCut = Shown.Source is null || Shown.Duration < Shown.Source.Duration;
            if (await writer.TryCompleteWithSourceAsync(inputs.Source, isCut, edit, Shown.Last, cancellationToken).ConfigureAwait(false))
            {
                return true;
            }
        }

        await writer.CompleteAsync(edit, Shown.Last, cancellationToken).ConfigureAwait(false);
        return false;
    }
}
