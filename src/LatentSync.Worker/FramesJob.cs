using System.Text.Json.Nodes;
using LatentSync.FrontEnd.Events;
using LatentSync.FrontEnd.Options;

namespace LatentSync.Worker;

/// <summary>A job whose frames and sound come through the pipe, and whose frames go back through it.</summary>
internal sealed class FramesJob : WorkerJob
{
    private readonly FramesMessage _message;
    private readonly JobOptions _options;
    private readonly EngineCache _engines;
    private readonly HostFrames _frames;
    private readonly HostSound _sound;

    public FramesJob(FramesMessage message, MessageWriter writer, EngineCache engines, string? language)
        : base(writer, language)
    {
        message.ThrowIfInvalid();
        (_message, _options) = (message, new JobOptions(message.Settings, new JobCommand(isOfFiles: false)));
        (_engines, _frames, _sound) = (engines, new HostFrames(message, writer), new HostSound(message));
    }

    public override bool IsWaiting => _sound.IsWaiting || _frames.IsWaiting;

    public override void Take(MessageType type, int length, MessageReader reader)
    {
        if (type == MessageType.Frame)
        {
            _frames.Accept(length, reader);
        }
        else
        {
            _sound.Accept(length, reader);
        }
    }

    protected override async Task<JsonObject> RunAsync(CancellationToken cancellationToken)
    {
        var parsed = _options.Parse();
        var request = new LipSyncFramesRequest
        {
            Width = _message.Width,
            Height = _message.Height,
            Frames = _message.Frames,
            FrameRate = _message.Rate,
            Sound = await _sound.ReadAsync(cancellationToken),
            Read = _frames.ReadAsync,
            Write = WriteAsync,
            Masks = _message.Masks,
            Faces = _message.Faces ? found => Writer.Write(WorkerEvents.Faces(found)) : null,
            Begin = frames => Writer.Write(new JsonObject { ["event"] = "begin", ["frames"] = frames }),
            Options = _options.Request(parsed).Options,
        };
        if (_message.Settings.PassThrough)
        {
            return JobEvents.Result(await PassThrough.RunAsync(request, cancellationToken));
        }

        await LipSyncEngine.CheckAsync(request, cancellationToken);
        return JobEvents.Result(await _engines.Get(_options, parsed, cancellationToken).SyncFramesAsync(request, Progress, cancellationToken));
    }

    private ValueTask WriteAsync(LipSyncFrame frame, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (frame.IsPainted)
        {
            if (frame.Mask is { } mask)
            {
                Writer.WriteMask(WorkerEvents.Mask(mask), mask.Weights.Span);
            }

            Writer.WriteFrame(frame.Pixels.Span);
        }
        else
        {
            Writer.Write(new JsonObject { ["event"] = "same", ["source"] = frame.SourceIndex });
        }

        return ValueTask.CompletedTask;
    }
}
