using System.Threading.Channels;
using LatentSync.Tensors;

namespace LatentSync.Pipeline;

/// <summary>
/// The second task of <see cref="FrameFlow"/>: gathers frames to clips and has their mouths painted. Frames that pass
/// through keep their place among them.
/// </summary>
internal sealed class ClipGeneration(FrameFlowParts parts, ChannelReader<AlignedFrame> aligned, ChannelWriter<GeneratedFrame> generated)
{
    private readonly List<AlignedFrame> _clip = new(parts.ClipLength);

    // Frames handed on: the number in the result of the clip's first frame.
    private int _done;

    /// <summary>Runs to the end of the video on the calling thread.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        while (WaitForFrame(cancellationToken))
        {
            while (aligned.TryRead(out var frame))
            {
                Take(frame, cancellationToken);
            }
        }

        FinishClip(cancellationToken);
    }

    private void Take(AlignedFrame frame, CancellationToken cancellationToken)
    {
        // The model looks across the frames of a clip: a clip never spans a cut or a frame without a face.
        if (frame.StartsClip || frame.Face is null)
        {
            FinishClip(cancellationToken);
        }

        if (frame.Face is null)
        {
            parts.DiffusionProgress.Advance(parts.StepsPerFrame);
            HandOn(new GeneratedFrame(frame.Image, frame.Plan, Faces: null, Row: 0), cancellationToken);
            return;
        }

        _clip.Add(frame);
        if (_clip.Count == parts.ClipLength)
        {
            FinishClip(cancellationToken);
        }
    }

    private void FinishClip(CancellationToken cancellationToken)
    {
        // Above the network's position table a clip runs as several equal ones.
        var longest = parts.Generator.LongestClip;
        var count = (_clip.Count / longest) + (_clip.Count % longest > 0 ? 1 : 0);
        for (var part = 0; part < count; part++)
        {
            var (start, end) = (part * _clip.Count / count, (part + 1) * _clip.Count / count);
            Generate(_clip[start..end], cancellationToken);
        }

        _clip.Clear();
    }

    private void Generate(List<AlignedFrame> frames, CancellationToken cancellationToken)
    {
        var faces = parts.Generator.Generate(
            [.. frames.Select(frame => frame.Face!)],
            _done,
            Audio(frames.Count),
            () => parts.DiffusionProgress.Advance(frames.Count),
            cancellationToken);
        foreach (var (row, frame) in frames.Index())
        {
            parts.FacePool.Return(frame.Face!);
            HandOn(new GeneratedFrame(frame.Image, frame.Plan, faces, row), cancellationToken);
        }
    }

    private Tensor Audio(int frames)
    {
        using var measurement = parts.Times.Measure(LipSyncWork.Audio);
        var tokens = new Tensor(frames, parts.Audio.TokenCount, parts.Audio.Width);
        for (var i = 0; i < frames; i++)
        {
            parts.Audio.CopyFrame(_done + i, tokens.Row(i));
        }

        return tokens;
    }

    private bool WaitForFrame(CancellationToken cancellationToken)
    {
        using var measurement = parts.Times.Measure(LipSyncWork.WaitForFrames);
        return aligned.WaitToReadAsync(cancellationToken).AsTask().GetAwaiter().GetResult();
    }

    private void HandOn(GeneratedFrame frame, CancellationToken cancellationToken)
    {
        using var measurement = parts.Times.Measure(LipSyncWork.WaitForWriter);
        generated.WriteAsync(frame, cancellationToken).AsTask().GetAwaiter().GetResult();
        _done++;
    }
}
