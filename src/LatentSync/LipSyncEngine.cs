using LatentSync.Backends;
using LatentSync.Pipeline.Analysis;
using LatentSync.Pipeline.FileJob;
using LatentSync.Pipeline.FramesJob;
using LatentSync.Pipeline.Segments;
using LatentSync.Pipeline.Stages;
using LatentSync.Progress;
using Microsoft.Extensions.Logging;

namespace LatentSync;

/// <summary>
/// A loaded model, ready to lip-sync any number of videos. Load once, run many: jobs that are started while another
/// runs wait for it, since each uses the whole machine.
/// </summary>
public sealed class LipSyncEngine : IDisposable
{
    private readonly LipSyncModel _model;
    private readonly FaceFinder _faces;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly JobSettings _settings;
    private readonly CancellationTokenSource _end = new();

    // The engine whose job calls this code, if one does: to wait for that job's end here would be to wait for ever.
    private readonly AsyncLocal<bool> _isInJob = new();
    private int _isDisposed;

    // The job of which segments were made last; used in turn.
    private OpenedJob? _opened;

    private LipSyncEngine(LipSyncEngineOptions options, CancellationToken cancellationToken)
    {
        _model = LipSyncModel.Load(options, cancellationToken);
        _faces = new FaceFinder(options.InsightFaceFolder, FaceFinder.ChooseFramesAtOnce(_model.RunsOnCard, Environment.ProcessorCount));
        _settings = new JobSettings
        {
            EngineOptions = EngineArguments.Of(options),
            Facts = _model.Facts,
            Notice = options.Notice,
            SegmentDuration = options.SegmentDuration ?? JobSettings.UsualSegmentDuration,
        };
    }

    /// <summary>Width and height in pixels of the aligned face that the model paints.</summary>
    public int Resolution => _model.Resolution;

    /// <summary>Opens and checks the model files. Weights are mapped, not copied.</summary>
    /// <exception cref="LipSyncException">
    /// <see cref="LipSyncErrorCode.InvalidModel"/>: a file is missing, damaged, or does not fit the others.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static LipSyncEngine Load(LipSyncEngineOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new LipSyncEngine(options, cancellationToken);
    }

    /// <summary>
    /// Looks for what can be wrong with a request before a model is loaded: the options, the inputs, the place of the
    /// output. What it does not find, <see cref="SyncAsync"/> still may.
    /// </summary>
    /// <exception cref="LipSyncException">One sentence says what is wrong, on what, and what to do next.</exception>
    public static Task CheckAsync(LipSyncRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return LipSyncJob.CheckAsync(request, cancellationToken);
    }

    /// <summary>The same for frames in memory.</summary>
    /// <exception cref="LipSyncException">One sentence says what is wrong, on what, and what to do next.</exception>
    public static Task CheckAsync(LipSyncFramesRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.ThrowIfInvalid();
        return ReferencePicture.CheckAsync(request.Options.Faces.Face, cancellationToken);
    }

    /// <summary>
    /// Lip-syncs one video. The output file appears when it is complete; after an error or a cancellation there is none, but
    /// what was finished of it is kept in a hidden folder beside it, and the same request resumes from there.
    /// </summary>
    /// <param name="request">What to sync to what, and how.</param>
    /// <param name="progress">Called from several threads, at most ten times a second and stage.</param>
    /// <param name="cancellationToken">Stops within a second.</param>
    /// <exception cref="LipSyncException">One sentence says what failed, on what, and what to do next.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the engine was disposed meanwhile.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed before.</exception>
    public async Task<LipSyncResult> SyncAsync(
        LipSyncRequest request,
        IProgress<LipSyncProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        request.ThrowIfInvalid();
        return await InTurnAsync(
                async (times, stop) =>
                {
                    _opened = null;
                    var generator = _model.CreateGenerator(request.Options, times, stop);
                    var job = new LipSyncJob(request, _model.AudioEncoder, generator, _faces, progress, times, _settings);
                    return await job.RunAsync(stop).ConfigureAwait(false) with { PeakDeviceBytes = _model.PeakDeviceBytes };
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Looks at the whole video of a job and paints nothing: what to expect of the result, and in which segments it can be made
    /// one without the other, in any order and by any number of engines: see <see cref="SyncSegmentAsync"/> and <see cref="JoinAsync"/>.
    /// The result's place is not looked at.
    /// </summary>
    /// <param name="request">What to sync to what, and how.</param>
    /// <param name="engine">With what its segments will be made; the networks are not loaded.</param>
    /// <param name="path">The file that gets what the segments need; replaced, there whole or not at all. Null for none.</param>
    /// <param name="progress">Told of <see cref="LipSyncStage.Faces"/>, at most ten times a second.</param>
    /// <param name="cancellationToken">Stops within a second.</param>
    /// <exception cref="LipSyncException">One sentence says what failed, on what, and what to do next.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<LipSyncAnalysis> AnalyzeAsync(
        LipSyncRequest request,
        LipSyncEngineOptions engine,
        string? path,
        IProgress<LipSyncProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(engine);
        request.ThrowIfInvalid();

        // Nothing is painted meanwhile, so the cores are free as beside a card.
        var faces = new FaceFinder(engine.InsightFaceFolder, FaceFinder.ChooseFramesAtOnce(onCard: true, Environment.ProcessorCount));
        var job = new AnalysisJob(request, LipSyncModel.Identify(engine), faces, progress, engine.SegmentDuration ?? JobSettings.UsualSegmentDuration);
        return await job.RunAsync(path, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same for segments of this engine; it waits for other jobs.</summary>
    /// <inheritdoc cref="AnalyzeAsync(LipSyncRequest, LipSyncEngineOptions, string, IProgress{LipSyncProgress}?, CancellationToken)"/>
    /// <exception cref="ObjectDisposedException">The engine was disposed before.</exception>
    public async Task<LipSyncAnalysis> AnalyzeAsync(
        LipSyncRequest request,
        string? path,
        IProgress<LipSyncProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        request.ThrowIfInvalid();
        return await InTurnAsync(
                (_, stop) => new AnalysisJob(request, _model.Identity, _faces, progress, _settings.SegmentDuration).RunAsync(path, stop),
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Makes one segment of a job whose video was analyzed: the pictures, without sound, as <see cref="SyncAsync"/> makes them. What
    /// is opened for a segment stays open for the next of the same job, until another job comes.
    /// </summary>
    /// <param name="request">The job that was analyzed; its files may lie elsewhere.</param>
    /// <param name="analysis">The file of <see cref="AnalyzeAsync(LipSyncRequest, string, IProgress{LipSyncProgress}?, CancellationToken)"/>.</param>
    /// <param name="segment">Number of the segment, from 0.</param>
    /// <param name="path">The segment's file; replaced, there whole or not at all.</param>
    /// <param name="progress">Told of <see cref="LipSyncStage.Diffusion"/> and <see cref="LipSyncStage.Output"/>, at most ten times a second each.</param>
    /// <param name="cancellationToken">Stops within a second.</param>
    /// <exception cref="LipSyncException">
    /// One sentence says what failed, on what, and what to do next; <see cref="LipSyncErrorCode.InvalidOptions"/> and
    /// <see cref="LipSyncErrorCode.InvalidInput"/> if the analysis is of another job, of other files, or made with another model.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the engine was disposed meanwhile.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed before.</exception>
    public async Task<LipSyncSegmentResult> SyncSegmentAsync(
        LipSyncRequest request,
        string analysis,
        int segment,
        string path,
        IProgress<LipSyncProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(analysis);
        ArgumentNullException.ThrowIfNull(path);
        request.ThrowIfInvalid();
        return await InTurnAsync(
                async (times, stop) =>
                {
                    var stages = new FlowStages(
                        request.Options,
                        _model.AudioEncoder,
                        _model.CreateGenerator(request.Options, times, stop),
                        _faces,
                        progress,
                        times
                    );
                    if (_opened?.IsOf(request, analysis) != true)
                    {
                        _opened = null;
                        _opened = await OpenedJob.OpenAsync(request, analysis, _model.Identity, stages, stop).ConfigureAwait(false);
                    }

                    var job = new SegmentJob(request, _opened, stages);
                    return await job.RunAsync(segment, path, stop).ConfigureAwait(false) with { PeakDeviceBytes = _model.PeakDeviceBytes };
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Joins the segments of a job and gives them their sound: the result is the one of <see cref="SyncAsync"/>, and appears when it
    /// is complete. Needs no model.
    /// </summary>
    /// <param name="request">The job that was analyzed; its files may lie elsewhere.</param>
    /// <param name="analysis">The file of <see cref="AnalyzeAsync(LipSyncRequest, string, IProgress{LipSyncProgress}?, CancellationToken)"/>.</param>
    /// <param name="segments">The files of all segments, in their order; they stay.</param>
    /// <param name="logger">Told what a user should know of the result, as <see cref="LipSyncEngineOptions.Logger"/> is.</param>
    /// <param name="cancellationToken">Stops within a second.</param>
    /// <exception cref="LipSyncException">One sentence says what failed, on what, and what to do next.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<LipSyncResult> JoinAsync(
        LipSyncRequest request,
        string analysis,
        IReadOnlyList<string> segments,
        ILogger? logger = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(analysis);
        ArgumentNullException.ThrowIfNull(segments);
        request.ThrowIfInvalid();
        var notice = logger is null ? (Action<FormattableString>?)null : sentence => EngineLog.Notice(logger, sentence);
        return await new JoinJob(request, notice).RunAsync(analysis, segments, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Lip-syncs frames that a program has or makes, and hands it the frames of the result; a frame that nothing is painted
    /// into comes back bit for bit. No frame with a face is no error here.
    /// </summary>
    /// <param name="request">What to sync to what, and how.</param>
    /// <param name="progress">Called from several threads, at most ten times a second and stage.</param>
    /// <param name="cancellationToken">Stops within a second.</param>
    /// <exception cref="LipSyncException">One sentence says what failed, on what, and what to do next.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the engine was disposed meanwhile.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed before.</exception>
    /// <exception cref="ArgumentException">The request has no <see cref="LipSyncFramesRequest.Write"/>.</exception>
    public async Task<LipSyncFramesResult> SyncFramesAsync(
        LipSyncFramesRequest request,
        IProgress<LipSyncProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        request.ThrowIfInvalid();
        if (request.Write is null)
        {
            throw new ArgumentException($"{nameof(LipSyncFramesRequest.Write)} is not set; {nameof(EnumerateFramesAsync)} does without.", nameof(request));
        }

        return await InTurnAsync(
                async (times, stop) =>
                {
                    _opened = null;
                    var generator = _model.CreateGenerator(request.Options, times, stop);
                    var job = new LipSyncFramesJob(request, new FlowStages(request.Options, _model.AudioEncoder, generator, _faces, progress, times));
                    return await job.RunAsync(stop).ConfigureAwait(false) with { PeakDeviceBytes = _model.PeakDeviceBytes };
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Lip-syncs frames as <see cref="SyncFramesAsync"/> does, and gives those of the result one after the other. The work continues
    /// while a frame is looked at; it stops when the enumeration is left.
    /// </summary>
    /// <param name="request">What to sync to what, and how; its <see cref="LipSyncFramesRequest.Write"/> is not called.</param>
    /// <param name="progress">Called from several threads, at most ten times a second and stage.</param>
    /// <param name="cancellationToken">Stops within a second.</param>
    /// <exception cref="LipSyncException">One sentence says what failed, on what, and what to do next.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the engine was disposed meanwhile.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed before.</exception>
    public IAsyncEnumerable<LipSyncFrame> EnumerateFramesAsync(
        LipSyncFramesRequest request,
        IProgress<LipSyncProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        return FrameStream.ReadAsync((write, stop) => SyncFramesAsync(request with { Write = write }, progress, stop), cancellationToken);
    }

    /// <summary>
    /// Stops the jobs that run or wait as their tokens would, waits until the networks are at rest, frees them and unmaps the
    /// files. Called by something that a job of this engine calls, such as its progress, it does not wait: the networks are
    /// freed when that job has stopped.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _end.Cancel();
        if (_isInJob.Value)
        {
            _ = Task.Run(Free);
        }
        else
        {
            Free();
        }
    }

    /// <summary>Takes the last turn and never gives it back.</summary>
    private void Free()
    {
        _turn.Wait();
        _model.Dispose();
        _turn.Dispose();
        _end.Dispose();
    }

    private async Task<T> InTurnAsync<T>(Func<WorkTimes, CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _end.Token);
        await _turn.WaitAsync(stop.Token).ConfigureAwait(false);
        try
        {
            stop.Token.ThrowIfCancellationRequested();
            _isInJob.Value = true;
            var result = await run(new WorkTimes(), stop.Token).ConfigureAwait(false);
            _model.DescribeEnd();
            return result;
        }
        finally
        {
            _turn.Release();
        }
    }
}
