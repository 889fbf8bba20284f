using LatentSync.Backends.Cuda.Launching;
using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Launching.Operations;
using LatentSync.Backends.Cuda.Launching.Operations.Norms;
using LatentSync.Backends.Cuda.Memory;
using static System.FormattableString;

namespace LatentSync.TestKit.Launching;

/// <summary>
/// Small lists, each with one operation or a few that belong together. Inputs are named buffers of float32 that are widened
/// to the network's type; outputs are named buffers of float32 whose names begin with "out".
/// </summary>
internal static class OperationSamples
{
    private const int Channels = 320;
    private const string FrameCount = "in frame count";

    /// <summary>A number of an input: of about -3..3, or a whole one of 0 to 255; of a number of frames, one that leaves some out.</summary>
    public static float Draw(LaunchBuffer input, Random random) =>
        input.Type == DeviceDataType.UInt8 ? random.Next(256)
        : input.Name == FrameCount ? 2
        : (random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f) * 2;

    public static IEnumerable<(string Name, LaunchList List)> All(DeviceDataType type, int fusedGateChannels) =>
        [
            .. Products(type),
            .. Convolutions(type),
            .. Attentions(type),
            .. ShortClips(type),
            .. GroupNorms(type),
            .. Rows(type),
            .. Layouts(type, fusedGateChannels),
            .. SamplerSteps(type),
        ];

    private static IEnumerable<(string Name, LaunchList List)> Products(DeviceDataType type)
    {
        foreach (var (rows, inner, columns) in ((int, int, int)[])[(64, 320, 960), (33, 8, 16), (256, 1280, 320), (50, 384, 640)])
        {
            yield return New(Invariant($"product {rows}x{inner}x{columns}"), type, sample =>
            {
                var y = sample.Scratch(rows, columns);
                sample.Add(new ProductOperation(sample.In(rows, inner), sample.In(columns, inner), y, sample.In(1, columns).Buffer, sample.In(rows, columns)));
                sample.Out(y);
            });
        }

        yield return New("product in place of columns and rows", type, sample =>
        {
            var (x, w, y) = (sample.In(96, 64), sample.In(48, 128), sample.In(96, 48));
            sample.Add(new ProductOperation(x, w.Columns(64, 64), y, null, y));
            sample.Add(new ProductOperation(x.RowRange(32, 64), w.Columns(0, 64), y.RowRange(32, 64), null, y.RowRange(32, 64)));
            sample.Out(y);
        });

        yield return New("attention by products", type, sample =>
        {
            var (qkv, scores, y) = (sample.In(2 * 64, 3 * 512), sample.Scratch(2 * 64, 64), sample.Scratch(2 * 64, 512));
            var image = qkv.RowRange(0, 64);
            sample.Add(
                new ProductOperation(image.Columns(0, 512), image.Columns(512, 512), scores.RowRange(0, 64))
                {
                    Batch = 2,
                    BatchStrides = (64 * 1536, 64 * 1536, 64 * 64),
                }
            );
            sample.Add(new SoftmaxOperation(scores, 0.044f));
            sample.Add(
                new ProductOperation(scores.RowRange(0, 64), image.Columns(1024, 512), y.RowRange(0, 64))
                {
                    IsTransposed = true,
                    Batch = 2,
                    BatchStrides = (64 * 64, 64 * 1536, 64 * 512),
                }
            );
            sample.Out(y);
        });
    }

    private static IEnumerable<(string Name, LaunchList List)> Convolutions(DeviceDataType type)
    {
        foreach (
            var (side, inChannels, outChannels, kernel, stride, before, after) in ((int, int, int, int, int, int, int)[])
                [
                    (16, 64, 128, 3, 1, 1, 1),
                    (8, 320, 320, 3, 1, 1, 1),
                    (16, 64, 64, 3, 2, 1, 1),
                    (17, 64, 64, 3, 2, 0, 0),
                    (8, 64, 256, 2, 1, 1, 1),
                    (8, 32, 8, 3, 1, 1, 1),
                ]
        )
        {
            yield return New(Invariant($"convolution {side} {inChannels} {outChannels} {kernel} {stride} {before}"), type, sample =>
            {
                var window = new WindowShape(2, side, kernel, stride, before, after);
                var y = sample.Scratch(2 * window.OutSide * window.OutSide, outChannels);
                sample.Add(new ConvolutionOperation(sample.In(2 * side * side, inChannels), sample.In(outChannels, kernel * kernel * inChannels), y, window));
                sample.Out(y);
            });
        }
    }

    private static IEnumerable<(string Name, LaunchList List)> Attentions(DeviceDataType type)
    {
        foreach (
            var (queries, keys, width) in ((int, int, int)[])
                [(256, 256, 40), (64, 64, 80), (64, 64, 160), (256, 50, 40), (64, 50, 80), (64, 64, 4), (40, 37, 8)]
        )
        {
            yield return New(Invariant($"attention {queries} {keys} {width}"), type, sample =>
            {
                var y = sample.Scratch(2 * queries, 8 * width);
                var both = sample.In(2 * keys, 16 * width);
                sample.Add(new AttentionOperation(sample.In(2 * queries, 8 * width), both.Columns(0, 8 * width), both.Columns(8 * width, 8 * width), y, 2, 8));
                sample.Out(y);
            });
        }

        foreach (var (frames, width) in ((int, int)[])[(16, 40), (16, 80), (16, 160), (12, 40), (8, 80), (5, 160), (16, 4), (20, 40), (24, 160)])
        {
            yield return New(Invariant($"temporal attention {frames} {width}"), type, sample =>
            {
                var y = sample.Scratch(2 * frames * 10, 8 * width);
                sample.Add(new TemporalAttentionOperation(sample.In(2 * frames * 10, 24 * width), y, 2, frames, 8));
                sample.Out(y);
            });
        }
    }

    private static IEnumerable<(string Name, LaunchList List)> ShortClips(DeviceDataType type)
    {
        foreach (var (frames, width) in ((int, int)[])[(16, 40), (12, 80), (16, 160), (8, 4), (20, 40)])
        {
            yield return New(Invariant($"temporal attention {frames} {width}, short clip"), type, sample =>
            {
                var y = sample.Scratch(2 * frames * 10, 8 * width);
                var count = LaunchWriter.Named(FrameCount, 1, 1).Buffer;
                sample.Add(new TemporalAttentionOperation(sample.In(2 * frames * 10, 24 * width), y, 2, frames, 8, count));
                sample.Out(y);
            });
        }

        yield return New("group norm, short clip", type, sample =>
        {
            var x = sample.Map(8, 8, Channels);
            Norm(sample, [new NormSource(x, Summed(sample, x))], 8, 4, silu: true, sample.Floats(Channels).Rows(Channels), isShort: true);
        });
    }

    private static IEnumerable<(string Name, LaunchList List)> GroupNorms(DeviceDataType type)
    {
        foreach (var channels in (int[])[32, 128, Channels, 1280])
        {
            yield return New(Invariant($"group norm {channels}"), type, sample =>
                GroupNorm(sample, channels, images: 4, unit: 2, silu: true, withOffset: true, residual: true)
            );
            yield return New(Invariant($"group norm {channels} plain"), type, sample =>
                GroupNorm(sample, channels, images: 4, unit: 1, silu: false, withOffset: false, residual: false)
            );
        }

        yield return New("group norm of two maps", type, sample =>
        {
            var (left, right) = (sample.Map(4, 8, 640), sample.Map(2, 8, 320));
            var (leftSums, rightSums) = (Summed(sample, left), Summed(sample, right));
            Norm(sample, [new NormSource(left, leftSums), new NormSource(right, rightSums)], images: 4, unit: 2, silu: true, offset: null);
        });

        yield return New("padded bias", type, sample =>
        {
            var (x, y) = (sample.Map(2, 6, 128), sample.ScratchMap(2, 7, 128));
            sample.Add(new AddBiasOperation(x, sample.Floats(128), sample.Map(2, 6, 128), y, null));
            sample.Out(y.Rows);
        });
    }

    private static IEnumerable<(string Name, LaunchList List)> Rows(DeviceDataType type)
    {
        foreach (var (width, frames) in ((int, int)[])[(32, 1), (320, 1), (320, 4), (640, 4), (1280, 4), (128, 2)])
        {
            yield return New(Invariant($"layer norm {width} {frames}"), type, sample =>
            {
                var y = sample.Scratch(2 * frames * 9, width);
                sample.Add(new LayerNormOperation(sample.In(2 * frames * 9, width), sample.In(1, width).Buffer, sample.In(frames, width).Buffer, y, 9, frames));
                sample.Out(y);
            });
        }

        foreach (var width in (int[])[128, 1280, 2560, 5120])
        {
            yield return New(Invariant($"gated gelu {width}"), type, sample =>
            {
                var y = sample.Scratch(21, width);
                sample.Add(new GatedGeluOperation(sample.In(21, 2 * width), y));
                sample.Out(y);
            });
        }
    }

    private static IEnumerable<(string Name, LaunchList List)> Layouts(DeviceDataType type, int fusedGateChannels)
    {
        // What only compute capability 9.0 and float16 have; elsewhere the first is another kernel's, and the second is left out.
        foreach (var images in (int[])[1, 3])
        {
            yield return New(Invariant($"attention of packed heads of 40, {images} images"), type, sample =>
            {
                var (qkv, y) = (sample.In(images * 256, 3 * Channels), sample.Scratch(images * 256, Channels));
                var (query, key, value) = (qkv.Columns(0, Channels), qkv.Columns(Channels, Channels), qkv.Columns(2 * Channels, Channels));
                sample.Add(new AttentionOperation(query, key, value, y, images, 8));
                sample.Out(y);
            });
        }

        foreach (var (rows, width) in fusedGateChannels == Channels ? ((int, int)[])[(256, 64), (3 * 256, 1280), (150 * 256, 128)] : [])
        {
            yield return New(Invariant($"gated product {rows} {width}"), type, sample =>
            {
                var y = sample.Scratch(rows, width);
                sample.Add(new GatedProductOperation(sample.In(rows, Channels), sample.In(2 * width, Channels), sample.Floats(2 * width), y));
                sample.Out(y);
            });
        }

        foreach (var (side, channels, kernel, before) in ((int, int, int, int)[])[(16, 3, 3, 1), (8, 13, 3, 1), (8, 64, 2, 1), (8, 8, 3, 0)])
        {
            yield return New(Invariant($"windows {side} {channels} {kernel}"), type, sample =>
            {
                var window = new WindowShape(2, side, kernel, 1, before, 1);
                var y = sample.Scratch(2 * window.OutSide * window.OutSide, ((kernel * kernel * channels) + 7) / 8 * 8);
                sample.Add(new GatherWindowsOperation(sample.In(2 * side * side, channels), y, window));
                sample.Out(y);
            });
        }

        yield return New("interleaved phases", type, sample =>
        {
            var y = sample.ScratchMap(2, 12, 64);
            var sums = ChannelSums.For(y, "sums", LaunchBufferKind.Scratch);
            sample.Add(new InterleavePhasesOperation(sample.In(2 * 49, 4 * 64), sample.Floats(64), y, sums));
            sample.Out(y.Rows);
            Norm(sample, [new NormSource(y, sums)], images: 2, unit: 2, silu: true, offset: null);
        });

        yield return New("faces", type, sample =>
        {
            var (pixels, mask, image) = (LaunchWriter.NamedBytes("in pixels", 2 * 49, 3), sample.Floats(49), LaunchWriter.Named("out image", 49, 3));
            sample.Add(new FacePixelsOperation(pixels.RowRange(49, 49), mask, image));
            sample.Add(new FacePixelsOperation(pixels, null, LaunchWriter.Named("out whole", 2 * 49, 3)));
            sample.Add(new CompositeFacesOperation(LaunchWriter.Named("in generated", 2 * 49, 3), pixels, mask, LaunchWriter.Named("out faces", 6, 49)));
        });
    }

    private static IEnumerable<(string Name, LaunchList List)> SamplerSteps(DeviceDataType type)
    {
        yield return New("sampler step", type, sample =>
        {
            var (x, y) = (LaunchWriter.Named("in latents", 30, 13), LaunchWriter.Named("out", 30, 4));
            sample.Add(
                new SamplerStepOperation(x.Columns(0, 4), LaunchWriter.Named("in without", 30, 4), LaunchWriter.Named("in with", 30, 4), 1.5f, 0.9f, -0.3f)
            );
            sample.Add(new CopyColumnsOperation(x.Columns(0, 4), y, 2, -0.5f));
        });

        foreach (var (kept, newer, older) in ((int, float, float)[])[(1, -0.7f, 0), (2, 0, 0), (2, 0.4f, -0.2f)])
        {
            yield return New(Invariant($"multistep {kept} {newer} {older}"), type, sample =>
            {
                var (x, y, last) = (LaunchWriter.Named("in latents", 30, 13), LaunchWriter.Named("out", 30, 4), LaunchWriter.Named("in last", 30, 4));
                var (without, with) = (LaunchWriter.Named("in without", 30, 4), LaunchWriter.Named("in with", 30, 4));
                var first = kept == 1 ? last : LaunchWriter.Named("in first", 30, 4);
                var update = new SamplerStepOperation(x.Columns(0, 4), without, with, 1.5f, 0.9f, -0.3f);
                sample.Add(new MultistepOperation(update, last, first, newer, older, 1.1f, -0.6f));
                sample.Add(new CopyColumnsOperation(x.Columns(0, 4), y));
                sample.Add(new CopyColumnsOperation(first, LaunchWriter.Named("out kept", 30, 4)));
            });
        }
    }

    private static (string Name, LaunchList List) New(string name, DeviceDataType type, Action<Sample> describe)
    {
        var sample = new Sample(type);
        describe(sample);
        return (name, sample.Writer.Build(name));
    }

    private static void GroupNorm(Sample sample, int channels, int images, int unit, bool silu, bool withOffset, bool residual)
    {
        var x = sample.Map(images, 8, channels);
        if (residual)
        {
            var y = sample.ScratchMap(images, 8, channels);
            var sums = ChannelSums.For(y, "sums", LaunchBufferKind.Scratch);
            sample.Add(new AddBiasOperation(x, sample.Floats(channels), sample.Map(images, 8, channels), y, sums));
            sample.Out(y.Rows);
            Norm(sample, [new NormSource(y, sums)], images, unit, silu, withOffset ? sample.Floats(channels).Rows(channels) : null);
            return;
        }

        Norm(sample, [new NormSource(x, Summed(sample, x))], images, unit, silu, null);
    }

    private static ChannelSums Summed(Sample sample, LaunchMap map)
    {
        var sums = ChannelSums.For(map, "sums", LaunchBufferKind.Scratch);
        sample.Add(new ChannelSumsOperation(map, sums));
        return sums;
    }

    private static void Norm(Sample sample, NormSource[] sources, int images, int unit, bool silu, LaunchMatrix? offset, bool isShort = false)
    {
        var channels = sources.Sum(source => source.Map.Channels);
        var coefficients = LaunchWriter.Floats("coefficients", 2L * channels * images / unit);
        var y = sample.ScratchMap(images, sources[0].Map.Side, channels);
        var count = isShort ? LaunchWriter.Named(FrameCount, 1, 1).Buffer : null;
        sample.Add(
            new NormCoefficientsOperation(sources, images, unit, 32, 1e-5f, sample.Floats(channels), sample.Floats(channels), offset, coefficients, count)
        );
        sample.Add(new ApplyNormOperation([.. sources.Select(source => source.Map)], coefficients, unit, silu, y));
        sample.Out(y.Rows);
    }

    private sealed class Sample(DeviceDataType type)
    {
        private int _count;

        public LaunchWriter Writer { get; } = new(type);

        public void Add(LaunchOperation operation) => Writer.Add(operation);

        public LaunchBuffer Floats(int count) => LaunchWriter.Named(Invariant($"in {_count++}"), 1, count).Buffer;

        public LaunchMatrix In(int rows, int width)
        {
            var y = Writer.Matrix("input", rows, width);
            Add(new WidenOperation(Floats(rows * width).Rows(width), y));
            return y;
        }

        public LaunchMap Map(int images, int side, int channels) => new(In(images * side * side, channels).Buffer, images, side, channels);

        public LaunchMatrix Scratch(int rows, int width) => Writer.Matrix("scratch", rows, width);

        public LaunchMap ScratchMap(int images, int side, int channels) => Writer.Map("scratch", images, side, channels);

        public void Out(LaunchMatrix x) => Add(new NarrowOperation(x, LaunchWriter.Named(Invariant($"out {_count++}"), x.RowCount, x.Width)));
    }
}
