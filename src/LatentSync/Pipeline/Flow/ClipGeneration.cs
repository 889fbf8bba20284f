using System.Threading.Channels;
using LatentSync.Pipeline.Flow.Frames;
using LatentSync.Tensors;

namespace LatentSync.Pipeline.Flow;

/// <summary>
/// The second task of <see cref="FrameFlow"/>: gathers frames to clips and has their mouths painted. Frames that pass
/// through keep their place among them.
/// </summary>
internal sealed class ClipGeneration(
    FlowContext context,
    GenerationInputs inputs,
    ChannelReader<AlignedFrame> aligned,
    ChannelWriter<GeneratedFrame> generated,
    QueueRoom room
)
{
    private readonly ModelClip _clip = new(context.ClipLength);
    private readonly TensorBuffer _tokens = new();

    // The faces generated last, for frames that share them.
    private GeneratedFace[] _last = [];

    // The first of the model's frames that the progress has not counted; null before the first frame.
    private int? _uncounted;

    /// <summary>Runs to the end of the video on the calling thread.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        while (WaitForFrame(cancellationToken))
        {
            while (aligned.TryRead(out var frame))
            {
                room.Taken();
                Take(frame, cancellationToken);
            }
        }

        FinishClip(cancellationToken);
    }

    private void Take(AlignedFrame frame, CancellationToken cancellationToken)
    {
        _uncounted ??= frame.ModelFrame;

        // The model looks across the frames of a clip: a clip never spans a cut or a frame without a face.
        if (frame.StartsClip || frame.Faces.Count == 0)
        {
            FinishClip(cancellationToken);
        }

        if (frame.Faces.Count == 0)
        {
            context.Progress.Diffusion.Advance((long)inputs.Steps * Math.Max(0, frame.ModelFrame + 1 - _uncounted.Value));
            _uncounted = Math.Max(_uncounted.Value, frame.ModelFrame + 1);
            HandOn(Painted(frame, [], startsClip: true), cancellationToken);
            return;
        }

        if (frame.Crops.Count == 0 && _clip.Faces.Count == 0 && _last.Length > 0)
        {
            HandOn(Painted(frame, _last, startsClip: false), cancellationToken);
            return;
        }

        if (!_clip.TryAdd(frame))
        {
            FinishClip(cancellationToken);
            _clip.TryAdd(frame);
        }

        if (_clip.IsFull)
        {
            FinishClip(cancellationToken);
        }
    }

    private void FinishClip(CancellationToken cancellationToken)
    {
        // Above the network's position table a clip runs as several equal ones.
        var (length, longest) = (_clip.Faces.Count, inputs.Generator.LongestClip);
        var count = (length / longest) + (length % longest > 0 ? 1 : 0);
        for (var part = 0; part < count; part++)
        {
            Generate(part * length / count, (part + 1) * length / count, cancellationToken);
        }

        foreach (var (frame, _) in _clip.Frames)
        {
            foreach (var crop in frame.Crops)
            {
                context.Pools.Faces.Return(crop);
            }
        }

        _clip.Clear();
    }

    private void Generate(int start, int end, CancellationToken cancellationToken)
    {
        var (first, count, people) = (_clip.FirstModelFrame + start, end - start, _clip.Faces[0].Count);
        var audio = Audio(first, count);
        var steps = 0;

        // For each frame of the model the face of each person.
        GeneratedFace[][] faces = [.. Enumerable.Range(0, count).Select(_ => RentFaces(people))];
        for (var person = 0; person < people; person++)
        {
            inputs.Generator.Generate(
                [.. _clip.Faces.Skip(start).Take(count).Select(crops => crops[person])],
                first,
                audio,
                [.. faces.Select(row => row[person].Pixels.AsMemory())],
                StepDone,
                cancellationToken
            );
        }

        _uncounted = first + count;
        foreach (var (frame, row) in _clip.Frames)
        {
            if (row >= start && row < end)
            {
                HandOn(Painted(frame, faces[row - start], ReferenceEquals(frame, _clip.Frames[0].Frame)), cancellationToken);
            }
        }

        Release(_last);
        _last = faces[^1];
        Array.ForEach(faces[..^1], Release);

        // The progress counts frames, however many people are in them.
        void StepDone()
        {
            steps += count;
            context.Progress.Diffusion.Advance(steps / people);
            steps %= people;
        }
    }

    private GeneratedFace[] RentFaces(int people) => [.. Enumerable.Range(0, people).Select(_ => context.Pools.Generated.Rent())];

    private static void Release(GeneratedFace[] faces) => Array.ForEach(faces, face => face.Release());

    private static GeneratedFrame Painted(AlignedFrame frame, GeneratedFace[] faces, bool startsClip) =>
        new(frame.Image, frame.Fate, frame.Faces, frame.Start, Array.ConvertAll(faces, face => face.Share()), startsClip);

    private Tensor Audio(int first, int count)
    {
        using var measurement = context.Times.Measure(LipSyncWork.Audio);
        var tokens = _tokens.Get(count, inputs.Audio.TokenCount, inputs.Audio.Width);
        for (var i = 0; i < count; i++)
        {
            inputs.Audio.CopyFrame(first + i, tokens.Row(i));
        }

        return tokens;
    }

    private bool WaitForFrame(CancellationToken cancellationToken)
    {
        using var measurement = context.Times.Measure(LipSyncWork.WaitForFrames);
        return aligned.WaitToReadAsync(cancellationToken).AsTask().GetAwaiter().GetResult();
    }

    private void HandOn(GeneratedFrame frame, CancellationToken cancellationToken)
    {
        using var measurement = context.Times.Measure(LipSyncWork.WaitForWriter);
        generated.WriteAsync(frame, cancellationToken).AsTask().GetAwaiter().GetResult();
    }
}
