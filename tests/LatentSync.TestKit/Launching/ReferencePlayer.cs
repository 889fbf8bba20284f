using System.Diagnostics;
using System.Runtime.InteropServices;
using LatentSync.Backends.Cuda.Launching;
using LatentSync.Backends.Cuda.Launching.Lists;
using LatentSync.Backends.Cuda.Launching.Operations;
using LatentSync.Backends.Cuda.Launching.Operations.Norms;
using LatentSync.Backends.Cuda.Memory;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace LatentSync.TestKit.Launching;

/// <summary>
/// Plays launch lists on the CPU, slowly and obviously, in float32: the twin of every kernel and library call. A buffer of
/// float16 or bfloat16 holds float32 here, rounded to that type where the player's own is that type: as exact as a card could
/// be. Scratch memory is not shared, so that a comparison with a card also checks the layout there.
/// </summary>
internal sealed class ReferencePlayer(IWeightReader reader) : ILaunchPlayer, IWeightPlaces
{
    private const float LayerNormEpsilon = 1e-5f;

    private readonly Dictionary<string, float[]> _named = new(StringComparer.Ordinal);
    private readonly Dictionary<LaunchBuffer, float[]> _scratch = [];
    private readonly Dictionary<string, float[]> _weights = new(StringComparer.Ordinal);

    private readonly Dictionary<string, (int Place, int Start)> _streamed = new(StringComparer.Ordinal);
    private readonly Dictionary<int, long> _marks = [];
    private float[][] _places = [];
    private WeightPlacement? _placement;

    /// <inheritdoc/>
    public DeviceTraits Traits { get; init; } = new(DeviceDataType.Float32);

    /// <summary>Weights that have been copied into a place, over and over.</summary>
    public int CopiedBlocks { get; private set; }

    /// <summary>A named buffer's numbers.</summary>
    public float[] this[string name]
    {
        get => _named[name];
        set => _named[name] = value;
    }

    /// <summary>Computes all operations of a list.</summary>
    public void Play(LaunchList list) => Prepare(list).Play();

    /// <inheritdoc/>
    public void Load(long scratchBytes, WeightPlacement weights, CancellationToken cancellationToken)
    {
        Unload();
        _placement = weights;
        _places = [.. Enumerable.Range(0, WeightPlacement.Places).Select(_ => Poisoned(weights.PlaceBytes / sizeof(float)))];
    }

    /// <inheritdoc/>
    public PreparedList Prepare(LaunchList list)
    {
        foreach (var buffer in list.Buffers.Where(buffer => buffer.Kind == LaunchBufferKind.Named))
        {
            // As on a card, who is prepared first makes a buffer.
            if (Memory(buffer).Length < buffer.Count)
            {
                throw new InvalidOperationException($"The buffer {buffer.Name} has {Memory(buffer).Length} numbers, not {buffer.Count}.");
            }
        }

        List<Action> steps = [.. list.Operations.Select(operation => (Action)(() => PlayAndRound(operation)))];
        if (steps.Count > 0)
        {
            var first = steps[0];
            steps[0] = () =>
            {
                _scratch.Clear();
                first();
            };
        }

        return new PreparedList(list, steps).WithWeights(_placement?.Blocks(list) ?? [], this);
    }

    /// <inheritdoc/>
    public void Write(string name, ReadOnlySpan<byte> bytes)
    {
        var values =
            name == ClipLaunchLists.Pixels ? Array.ConvertAll(bytes.ToArray(), value => (float)value) : MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        if (_named.TryGetValue(name, out var buffer) && buffer.Length > values.Length)
        {
            values.CopyTo(buffer, 0);
        }
        else
        {
            _named[name] = values;
        }
    }

    /// <inheritdoc/>
    public void Read(string name, IReadOnlyList<Memory<float>> parts)
    {
        var rest = _named[name].AsSpan();
        foreach (var part in parts)
        {
            rest[..part.Length].CopyTo(part.Span);
            rest = rest[part.Length..];
        }
    }

    /// <inheritdoc/>
    public void Mark(int mark) => _marks[mark] = Stopwatch.GetTimestamp();

    /// <summary>All that was asked for is done already.</summary>
    public void Wait(int mark) => _ = _marks[mark];

    /// <inheritdoc/>
    public double Elapsed(int from, int to) => Stopwatch.GetElapsedTime(_marks[from], _marks[to]).TotalMilliseconds;

    /// <inheritdoc/>
    public void Unload()
    {
        _named.Clear();
        _scratch.Clear();
        _weights.Clear();
        _streamed.Clear();
        (_places, _placement) = ([], null);
    }

    /// <summary>As early as a card could: what was in the place is gone at once.</summary>
    void IWeightPlaces.Copy(WeightBlock block)
    {
        CopiedBlocks++;
        foreach (var (weight, offset) in block.Weights)
        {
            Made(weight).CopyTo(_places[block.Place], (int)(offset / sizeof(float)));
        }
    }

    void IWeightPlaces.Await(WeightBlock block)
    {
        foreach (var (weight, offset) in block.Weights)
        {
            _streamed[weight.Name] = (block.Place, (int)(offset / sizeof(float)));
        }
    }

    void IWeightPlaces.Leave(WeightBlock block)
    {
        foreach (var (weight, _) in block.Weights)
        {
            _streamed.Remove(weight.Name);
        }
    }

    /// <summary>The numbers of a buffer; what has never been written is not a number.</summary>
    public float[] Memory(LaunchBuffer buffer)
    {
        if (buffer.Kind == LaunchBufferKind.Named)
        {
            return _named.TryGetValue(buffer.Name, out var named) ? named : _named[buffer.Name] = Poisoned(buffer.Count);
        }

        if (buffer.Kind == LaunchBufferKind.Weight)
        {
            return _placement?.Streamed.Any(streamed => streamed.Name == buffer.Name) != true ? Made(buffer)
                : _streamed.TryGetValue(buffer.Name, out var at) ? _places[at.Place][at.Start..(at.Start + (int)buffer.Count)]
                : throw new InvalidOperationException($"{buffer.Name} is used when it is not there.");
        }

        return _scratch.TryGetValue(buffer, out var values) ? values : _scratch[buffer] = Poisoned(buffer.Count);
    }

    private float[] Made(LaunchBuffer weight) =>
        _weights.TryGetValue(weight.Name, out var values)
            ? values
            : _weights[weight.Name] = Rounded(weight, weight.Recipe!.Make([.. weight.Recipe.Stored.Select(stored => reader.Read(stored.Name, stored.Shape))]));

    private float[] Rounded(LaunchBuffer buffer, float[] values)
    {
        if (buffer.Type == Traits.Type && buffer.Type.Is16Bit())
        {
            var stored = new byte[values.Length * buffer.Type.Size()];
            DeviceValues.Write(values, buffer.Type, stored);
            var bits = MemoryMarshal.Cast<byte, ushort>(stored);
            for (var i = 0; i < values.Length; i++)
            {
                values[i] =
                    buffer.Type == DeviceDataType.BFloat16
                        ? BitConverter.UInt32BitsToSingle((uint)bits[i] << 16)
                        : (float)BitConverter.UInt16BitsToHalf(bits[i]);
            }
        }

        return values;
    }

    private static float[] Poisoned(long count)
    {
        var values = new float[count];
        values.AsSpan().Fill(float.NaN);
        return values;
    }

    private void PlayAndRound(LaunchOperation operation)
    {
        Play(operation);
        foreach (var buffer in operation.Writes)
        {
            Rounded(buffer, Memory(buffer));
        }
    }

    private void Play(LaunchOperation operation)
    {
        switch (operation)
        {
            case ProductOperation product:
                Product(product);
                break;
            case ConvolutionOperation convolution:
                Convolution(convolution);
                break;
            case AttentionOperation attention:
                Attention(attention);
                break;
            case TemporalAttentionOperation attention:
                TemporalAttention(attention);
                break;
            case SoftmaxOperation softmax:
                ForEachRow(softmax.X, row => Softmax(row, softmax.Scale));
                break;
            case ChannelSumsOperation sums:
                Sums(sums.X, sums.Sums);
                break;
            case AddBiasOperation add:
                AddBias(add);
                break;
            case NormCoefficientsOperation norm:
                Coefficients(norm);
                break;
            case ApplyNormOperation apply:
                ApplyNorm(apply);
                break;
            case LayerNormOperation norm:
                LayerNorm(norm);
                break;
            case GatedGeluOperation gelu:
                GatedGelu(gelu);
                break;
            case GatedProductOperation product:
                GatedProduct(product);
                break;
            case GatherWindowsOperation windows:
                GatherWindows(windows);
                break;
            case InterleavePhasesOperation phases:
                Interleave(phases);
                break;
            default:
                PlayLayout(operation);
                break;
        }
    }

    /// <summary>The operations that only move numbers, and the sampler's.</summary>
    private void PlayLayout(LaunchOperation operation)
    {
        switch (operation)
        {
            case WidenOperation widen:
                Columns(widen.X, widen.Y, 1);
                break;
            case NarrowOperation narrow:
                Columns(narrow.X, narrow.Y, 1);
                break;
            case CopyColumnsOperation copy:
                Columns(copy.X, copy.Y, copy.Factor, copy.Addend);
                break;
            case FacePixelsOperation faces:
                FacePixels(faces);
                break;
            case CompositeFacesOperation faces:
                Composite(faces);
                break;
            case SamplerStepOperation step:
                SamplerStep(step);
                break;
            case MultistepOperation step:
                Multistep(step);
                break;
            default:
                throw new InvalidOperationException($"{operation.GetType().Name} has no twin.");
        }
    }

    /// <summary>The rows of a matrix, by index.</summary>
    private Rows At(LaunchMatrix matrix, long batchOffset = 0) => new(Memory(matrix.Buffer), (int)(matrix.Offset + batchOffset), matrix.Width, matrix.Stride);

    private void ForEachRow(LaunchMatrix matrix, Action<Memory<float>> compute)
    {
        var memory = Memory(matrix.Buffer);
        Parallel.For(0, matrix.RowCount, row => compute(memory.AsMemory((int)(matrix.Offset + ((long)row * matrix.Stride)), matrix.Width)));
    }

    private void Product(ProductOperation product)
    {
        for (var batch = 0; batch < product.Batch; batch++)
        {
            var (x, w, y) = (
                At(product.X, batch * product.BatchStrides.X),
                At(product.W, batch * product.BatchStrides.W),
                At(product.Y, batch * product.BatchStrides.Y)
            );
            Rows? residual = product.Residual is { } other ? At(other) : null;
            var bias = product.Bias is { } buffer ? Memory(buffer) : null;
            Parallel.For(0, product.Y.RowCount, row =>
            {
                var (source, result) = (x.Memory(row), y.Memory(row));
                var sums = new float[product.Y.Width];
                if (product.IsTransposed)
                {
                    for (var k = 0; k < product.X.Width; k++)
                    {
                        TensorPrimitives.MultiplyAdd(w[k], source.Span[k], sums, sums);
                    }
                }
                else
                {
                    for (var column = 0; column < sums.Length; column++)
                    {
                        sums[column] = TensorPrimitives.Dot<float>(source.Span, w[column]);
                    }
                }

                for (var column = 0; column < sums.Length; column++)
                {
                    result.Span[column] = sums[column] + (bias?[column] ?? 0) + (residual is { } added ? added[row][column] : 0);
                }
            });
        }
    }

    private void Convolution(ConvolutionOperation convolution)
    {
        var (x, w, y, window) = (At(convolution.X), At(convolution.W), At(convolution.Y), convolution.Window);
        Parallel.For(0, convolution.Y.RowCount, pixel =>
        {
            var (image, down, across) = (pixel / window.OutSide / window.OutSide, pixel / window.OutSide % window.OutSide, pixel % window.OutSide);
            var result = y[pixel];
            result.Clear();
            for (var tap = 0; tap < window.Kernel * window.Kernel; tap++)
            {
                var (row, column) = (
                    (down * window.Stride) - window.Before + (tap / window.Kernel),
                    (across * window.Stride) - window.Before + (tap % window.Kernel)
                );
                if (row < 0 || column < 0 || row >= window.Side || column >= window.Side)
                {
                    continue;
                }

                var source = x[(((image * window.Side) + row) * window.Side) + column];
                for (var o = 0; o < result.Length; o++)
                {
                    result[o] += TensorPrimitives.Dot<float>(source, w[o].Slice(tap * source.Length, source.Length));
                }
            }
        });
    }

    private void Attention(AttentionOperation attention)
    {
        var (width, query, key, value, result) = (attention.HeadWidth, At(attention.Query), At(attention.Key), At(attention.Value), At(attention.Result));
        Parallel.For(0, attention.Images * attention.Heads, item =>
        {
            var (image, head) = (item / attention.Heads, item % attention.Heads);
            var columns = (head * width)..((head + 1) * width);
            Attend(
                attention.Queries,
                attention.Keys,
                q => query[(image * attention.Queries) + q][columns],
                k => key[(image * attention.Keys) + k][columns],
                k => value[(image * attention.Keys) + k][columns],
                q => result[(image * attention.Queries) + q][columns]
            );
        });
    }

    private void TemporalAttention(TemporalAttentionOperation attention)
    {
        var (width, channels, source, result) = (attention.HeadWidth, attention.Heads * attention.HeadWidth, At(attention.QueryKeyValue), At(attention.Result));
        var keys = attention.FrameCount is { } count ? (int)Memory(count)[0] : attention.Frames;
        Parallel.For(0, attention.Clips * attention.Pixels, sequence =>
        {
            var (clip, pixel) = (sequence / attention.Pixels, sequence % attention.Pixels);
            for (var head = 0; head < attention.Heads; head++)
            {
                var start = head * width;
                Attend(
                    attention.Frames,
                    keys,
                    query => source[Place(query)].Slice(start, width),
                    key => source[Place(key)].Slice(channels + start, width),
                    key => source[Place(key)].Slice((2 * channels) + start, width),
                    query => result[Place(query)].Slice(start, width)
                );
            }

            int Place(int frame) => (((clip * attention.Frames) + frame) * attention.Pixels) + pixel;
        });
    }

    private delegate Span<float> Vector(int index);

    private static void Attend(int queries, int keys, Vector query, Vector key, Vector value, Vector result)
    {
        var width = query(0).Length;
        var (allKeys, allValues, weights, sum) = (new float[keys * width], new float[keys * width], new float[keys], new float[width]);
        for (var k = 0; k < keys; k++)
        {
            key(k).CopyTo(allKeys.AsSpan(k * width));
            value(k).CopyTo(allValues.AsSpan(k * width));
        }

        for (var q = 0; q < queries; q++)
        {
            var asking = query(q);
            for (var k = 0; k < keys; k++)
            {
                var score = 0f;
                for (var i = 0; i < width; i++)
                {
                    score += asking[i] * allKeys[(k * width) + i];
                }

                weights[k] = score;
            }

            Softmax(weights, 1 / MathF.Sqrt(width));
            Array.Clear(sum);
            for (var k = 0; k < keys; k++)
            {
                for (var i = 0; i < width; i++)
                {
                    sum[i] += weights[k] * allValues[(k * width) + i];
                }
            }

            sum.CopyTo(result(q));
        }
    }

    private static void Softmax(Memory<float> memory, float scale)
    {
        var row = memory.Span;
        var most = float.NegativeInfinity;
        foreach (var value in row)
        {
            most = MathF.Max(most, value * scale);
        }

        var sum = 0.0;
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = MathF.Exp((row[i] * scale) - most);
            sum += row[i];
        }

        for (var i = 0; i < row.Length; i++)
        {
            row[i] = (float)(row[i] / sum);
        }
    }

    private void Sums(LaunchMap map, ChannelSums sums)
    {
        var (x, result) = (Memory(map.Buffer), Memory(sums.Buffer));
        var perChunk = (map.Pixels + sums.Chunks - 1) / sums.Chunks;
        Array.Clear(result);
        Parallel.For(0, map.Images, image =>
        {
            for (var pixel = 0; pixel < map.Pixels; pixel++)
            {
                for (var channel = 0; channel < map.Channels; channel++)
                {
                    var value = x[(((image * map.Pixels) + pixel) * map.Channels) + channel];
                    var place = 2 * ((((image * sums.Chunks) + (pixel / perChunk)) * map.Channels) + channel);
                    result[place] += value;
                    result[place + 1] += value * value;
                }
            }
        });
    }

    private void AddBias(AddBiasOperation add)
    {
        var (map, x, bias, y) = (add.X, At(add.X.Rows), Memory(add.Bias), At(add.Y.Rows));
        Rows? residual = add.Residual is { } other ? At(other.Rows) : null;
        if (add.IsPadded)
        {
            Array.Clear(Memory(add.Y.Buffer));
        }

        Parallel.For(0, map.Rows.RowCount, pixel =>
        {
            var (image, down, across) = (pixel / map.Pixels, pixel % map.Pixels / map.Side, pixel % map.Side);
            var target = y[(((image * add.Y.Side) + down) * add.Y.Side) + across];
            TensorPrimitives.Add<float>(x[pixel], bias, target);
            if (residual is { } added)
            {
                TensorPrimitives.Add<float>(target, added[pixel], target);
            }
        });
        if (add.Sums is { } sums)
        {
            Sums(add.Y, sums);
        }
    }

    private void Coefficients(NormCoefficientsOperation norm)
    {
        var channels = norm.Sources.Sum(source => source.Map.Channels);
        var (gamma, beta, result, width) = (Memory(norm.Gamma), Memory(norm.Beta), Memory(norm.Coefficients), channels / norm.Groups);
        var images = norm.FrameCount is { } frameCount ? (int)Memory(frameCount)[0] : norm.ImagesPerUnit;
        for (var unit = 0; unit < norm.Images / norm.ImagesPerUnit; unit++)
        {
            for (var group = 0; group < norm.Groups; group++)
            {
                double sum = 0,
                    squares = 0;
                var count = (double)images * norm.Pixels * width;
                for (var channel = group * width; channel < (group + 1) * width; channel++)
                {
                    var offset = Offset(channel);
                    for (var image = unit * norm.ImagesPerUnit; image < (unit * norm.ImagesPerUnit) + images; image++)
                    {
                        var (s, q) = SumsOf(norm.Sources, image, channel);
                        sum += s + (norm.Pixels * offset);
                        squares += q + (2 * offset * s) + (norm.Pixels * offset * offset);
                    }
                }

                var mean = sum / count;
                var scale = 1 / Math.Sqrt((squares / count) - (mean * mean) + norm.Epsilon);
                for (var channel = group * width; channel < (group + 1) * width; channel++)
                {
                    var factor = gamma[channel] * scale;
                    var place = 2 * ((unit * channels) + channel);
                    result[place] = (float)factor;
                    result[place + 1] = (float)(beta[channel] + ((Offset(channel) - mean) * factor));
                }
            }
        }

        double Offset(int channel) => norm.Offset is { } offset ? At(offset)[0][channel] : 0;
    }

    private (double Sum, double Squares) SumsOf(IReadOnlyList<NormSource> sources, int image, int channel)
    {
        var source = channel < sources[0].Map.Channels ? sources[0] : sources[1];
        var own = channel < sources[0].Map.Channels ? channel : channel - sources[0].Map.Channels;
        var (sums, memory) = (source.Sums, Memory(source.Sums.Buffer));
        (double, double) total = (0, 0);
        for (var chunk = 0; chunk < sums.Chunks; chunk++)
        {
            var place = 2 * (((((image % sums.Images) * sums.Chunks) + chunk) * sums.Channels) + own);
            total = (total.Item1 + memory[place], total.Item2 + memory[place + 1]);
        }

        return total;
    }

    private void ApplyNorm(ApplyNormOperation apply)
    {
        var (map, y, coefficients) = (apply.Y, At(apply.Y.Rows), Memory(apply.Coefficients));
        List<(LaunchMap Map, Rows Rows)> sources = [.. apply.Sources.Select(source => (source, At(source.Rows)))];
        Parallel.For(0, map.Rows.RowCount, pixel =>
        {
            var (image, channel, result) = (pixel / map.Pixels, 0, y.Memory(pixel));
            foreach (var (source, rows) in sources)
            {
                foreach (var value in rows[((image % source.Images) * map.Pixels) + (pixel % map.Pixels)])
                {
                    var place = 2 * ((image / apply.ImagesPerUnit * map.Channels) + channel);
                    var normed = (value * coefficients[place]) + coefficients[place + 1];
                    result.Span[channel++] = apply.Silu ? normed / (1 + MathF.Exp(-normed)) : normed;
                }
            }
        });
    }

    private void LayerNorm(LayerNormOperation norm)
    {
        var (source, target, gamma, beta, width) = (At(norm.X), At(norm.Y), Memory(norm.Gamma), Memory(norm.Beta), norm.X.Width);
        Parallel.For(0, norm.X.RowCount, row =>
        {
            var x = source[row];
            var y = target[row];
            var mean = TensorPrimitives.Sum<float>(x) / width;
            var variance = 0f;
            foreach (var value in x)
            {
                variance += (value - mean) * (value - mean) / width;
            }

            var shift = row / norm.Pixels % norm.Frames * width;
            for (var i = 0; i < width; i++)
            {
                y[i] = ((x[i] - mean) / MathF.Sqrt(variance + LayerNormEpsilon) * gamma[i]) + beta[shift + i];
            }
        });
    }

    private void GatedGelu(GatedGeluOperation gelu)
    {
        var (source, target) = (At(gelu.X), At(gelu.Y));
        Parallel.For(0, gelu.X.RowCount, row =>
        {
            var x = source[row];
            var y = target[row];
            for (var i = 0; i < y.Length; i++)
            {
                double gate = x[y.Length + i];
                y[i] = (float)(x[i] * gate * 0.5 * (1 + MathNet.Numerics.SpecialFunctions.Erf(gate / Math.Sqrt(2))));
            }
        });
    }

    private void GatedProduct(GatedProductOperation product)
    {
        var (source, target, w, bias) = (At(product.X), At(product.Y), At(product.W), Memory(product.Bias));
        Parallel.For(0, product.X.RowCount, row =>
        {
            var x = source[row];
            var y = target[row];
            for (var i = 0; i < y.Length; i++)
            {
                var at = GatedOrder.RowOf(i);
                var value = TensorPrimitives.Dot<float>(x, w[at]) + bias[at];
                double gate = TensorPrimitives.Dot<float>(x, w[at + 1]) + bias[at + 1];
                y[i] = (float)(value * gate * 0.5 * (1 + MathNet.Numerics.SpecialFunctions.Erf(gate / Math.Sqrt(2))));
            }
        });
    }

    private void GatherWindows(GatherWindowsOperation gather)
    {
        var (x, y, window) = (At(gather.X), At(gather.Y), gather.Window);
        Parallel.For(0, gather.Y.RowCount, pixel =>
        {
            var (image, down, across) = (pixel / window.OutSide / window.OutSide, pixel / window.OutSide % window.OutSide, pixel % window.OutSide);
            var result = y[pixel];
            result.Clear();
            for (var tap = 0; tap < window.Kernel * window.Kernel; tap++)
            {
                var (row, column) = (
                    (down * window.Stride) - window.Before + (tap / window.Kernel),
                    (across * window.Stride) - window.Before + (tap % window.Kernel)
                );
                if (row >= 0 && column >= 0 && row < window.Side && column < window.Side)
                {
                    x[(((image * window.Side) + row) * window.Side) + column].CopyTo(result[(tap * gather.X.Width)..]);
                }
            }
        });
    }

    private void Interleave(InterleavePhasesOperation phases)
    {
        var (map, x, y, bias, side) = (phases.Y, At(phases.X), At(phases.Y.Rows), Memory(phases.Bias), phases.Y.Side / 2);
        Parallel.For(0, map.Rows.RowCount, pixel =>
        {
            var (image, down, across) = (pixel / map.Pixels, pixel % map.Pixels / map.Side, pixel % map.Side);
            var (a, b) = (down % 2, across % 2);
            var place = (((image * (side + 1)) + (down / 2) + a) * (side + 1)) + (across / 2) + b;
            TensorPrimitives.Add<float>(x[place].Slice(((2 * a) + b) * map.Channels, map.Channels), bias, y[pixel]);
        });
        Sums(map, phases.Sums);
    }

    private void Columns(LaunchMatrix from, LaunchMatrix to, float factor, float addend = 0)
    {
        var (source, target) = (At(from), At(to));
        for (var row = 0; row < to.RowCount; row++)
        {
            var x = source[row];
            var y = target[row];
            for (var i = 0; i < y.Length; i++)
            {
                y[i] = i < x.Length ? (x[i] * factor) + addend : 0;
            }
        }
    }

    private void FacePixels(FacePixelsOperation faces)
    {
        var (pixels, y, mask) = (At(faces.Pixels), At(faces.Y), faces.Mask is { } buffer ? Memory(buffer) : null);
        for (var row = 0; row < faces.Y.RowCount; row++)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                var value = (pixels[row][channel] / 127.5f) - 1;
                y[row][channel] = mask is null ? value : value * mask[row % mask.Length];
            }
        }
    }

    private void Composite(CompositeFacesOperation faces)
    {
        var (generated, pixels, mask, y) = (At(faces.Generated), At(faces.Pixels), Memory(faces.Mask), At(faces.Faces));
        for (var row = 0; row < faces.Generated.RowCount; row++)
        {
            var (image, pixel) = (row / mask.Length, row % mask.Length);
            for (var channel = 0; channel < 3; channel++)
            {
                var value = generated[row][channel];
                y[(image * 3) + channel][pixel] = value + (mask[pixel] * ((pixels[row][channel] / 127.5f) - 1 - value));
            }
        }
    }

    private void SamplerStep(SamplerStepOperation step)
    {
        var (latents, silent, spoken) = (At(step.Latents), At(step.Without), At(step.With));
        for (var row = 0; row < step.Latents.RowCount; row++)
        {
            var x = latents[row];
            var without = silent[row];
            var with = spoken[row];
            for (var i = 0; i < x.Length; i++)
            {
                x[i] = (step.LatentFactor * x[i]) + (step.NoiseFactor * (without[i] + (step.Guidance * (with[i] - without[i]))));
            }
        }
    }

    private void Multistep(MultistepOperation step)
    {
        var update = step.Update;
        var (latents, silent, spoken, newer, older) = (At(update.Latents), At(update.Without), At(update.With), At(step.Newer), At(step.Older));
        for (var row = 0; row < update.Latents.RowCount; row++)
        {
            for (var i = 0; i < update.Latents.Width; i++)
            {
                var (x, without, with) = (latents[row][i], silent[row][i], spoken[row][i]);
                var noise = without + (update.Guidance * (with - without));
                var fromNewer = step.NewerFactor == 0 ? 0 : step.NewerFactor * newer[row][i];
                var fromOlder = step.OlderFactor == 0 ? 0 : step.OlderFactor * older[row][i];
                latents[row][i] = (update.LatentFactor * x) + (update.NoiseFactor * noise) + fromNewer + fromOlder;
                older[row][i] = (step.CleanLatentFactor * x) + (step.CleanNoiseFactor * noise);
            }
        }
    }

    private readonly record struct Rows(float[] Values, int Offset, int Width, int Stride)
    {
        public Span<float> this[int row] => Values.AsSpan(Offset + (row * Stride), Width);

        public Memory<float> Memory(int row) => Values.AsMemory(Offset + (row * Stride), Width);
    }
}
