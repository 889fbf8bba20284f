using System.Runtime.InteropServices;
using LatentSync.Backends.Cuda.Memory;
using LatentSync.Backends.Cuda.OnnxRuntime;
using LatentSync.Backends.Cuda.Runtime;
using LatentSync.Diffusion;
using LatentSync.Tensors;

namespace LatentSync.Backends.Cuda.Model;

/// <summary>
/// Plays a <see cref="SamplingPlan"/> with classifier-free guidance on a device, without a value coming back.
/// </summary>
internal sealed class DeviceClipSampler : IDisposable
{
    private const int Factors = 2;

    private readonly DeviceRuntime _runtime;
    private readonly DeviceUNet _unet;
    private readonly UNetPlan _plan;
    private readonly int _size;
    private readonly DeviceNetwork _arithmetic;
    private readonly DevicePiece _join;
    private readonly DevicePiece _step;
    private DeviceBuffer? _factors;
    private SamplingPlan? _prepared;

    /// <summary>Around a UNet, for latents of a size.</summary>
    public DeviceClipSampler(DeviceRuntime runtime, DeviceUNet unet, UNetPlan plan, int size)
    {
        (_runtime, _unet, _plan, _size) = (runtime, unet, plan, size);
        _arithmetic = new DeviceNetwork(runtime, NoWeights.Instance);
        _join = _arithmetic.Piece("join", writer => SamplerGraphs.Join(writer, size, runtime.Type));
        _step = _arithmetic.Piece("step", writer => SamplerGraphs.Step(writer, size, runtime.Type));
    }

    /// <summary>Makes ready for a number of steps and a guidance scale, unless it is.</summary>
    public void Prepare(SamplerOptions options)
    {
        if (options == _prepared?.Options)
        {
            return;
        }

        var plan = new SamplingPlan(options);
        _unet.Prepare([.. plan.Steps.Select(step => step.Timestep)]);
        _factors?.Dispose();
        _factors = new DeviceBuffer(_runtime.Arena, ((options.Steps * Factors) + 1) * sizeof(float));
        _prepared = plan;
        _runtime.Upload(_factors.Pointer, _factors.Bytes, place =>
        {
            var numbers = MemoryMarshal.Cast<byte, float>(place);
            foreach (var step in plan.Steps)
            {
                (numbers[step.Index * Factors], numbers[(step.Index * Factors) + 1]) = (step.LatentFactor, step.NoiseFactor);
            }

            numbers[^1] = options.GuidanceScale;
        });
    }

    /// <summary>Queues the denoising of a clip.</summary>
    /// <param name="conditions">[frames, height, width, 12]: mask, masked-image latents, reference latents, zeros.</param>
    /// <param name="audio">[frames, tokens, width].</param>
    /// <param name="latents">float32 [frames, height, width, 4]: the noise; the clip's latents afterwards.</param>
    /// <param name="stepDone">Told when the device has finished a step, one step late.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    public void Denoise(DeviceTensor conditions, DeviceTensor audio, DeviceTensor latents, Action? stepDone, CancellationToken cancellationToken)
    {
        var plan = _prepared ?? throw new InvalidOperationException("Prepare comes first.");
        var options = plan.Options;
        using var state = new State(_runtime, options.UsesGuidance && !_plan.JoinsGuidance, latents);
        var (frames, clips) = (latents.Shape[0], options.UsesGuidance && _plan.JoinsGuidance ? 2 : 1);
        using var sample = New(clips * frames, SamplerGraphs.SampleChannels);
        using var prediction = New((options.UsesGuidance ? 2 : 1) * frames, LatentShape.Channels);
        foreach (var step in plan.Steps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var clip = 0; clip < clips; clip++)
            {
                _join.Run(
                    [(SamplerGraphs.Latents, state.Latents), (SamplerGraphs.Conditions, conditions)],
                    (SamplerGraphs.Sample, sample.Rows(clip * frames, frames))
                );
            }

            if (!options.UsesGuidance)
            {
                Predict(0, new UNetRun(1, frames, 0, step.Index, audio), prediction);
            }
            else if (_plan.JoinsGuidance)
            {
                Predict(0, new UNetRun(2, frames, 1, step.Index, audio), prediction);
            }
            else
            {
                Predict(0, new UNetRun(1, frames, 1, step.Index, Audio: null), prediction.Rows(0, frames));
                Predict(1, new UNetRun(1, frames, 0, step.Index, audio), prediction.Rows(frames, frames));
            }

            var (without, with) = (prediction.Rows(0, frames), prediction.Rows(options.UsesGuidance ? frames : 0, frames));
            _step.Run(
                [
                    (SamplerGraphs.Latents, state.Latents),
                    (SamplerGraphs.Without, without),
                    (SamplerGraphs.With, with),
                    (SamplerGraphs.Guidance, Number(options.Steps * Factors)),
                    (SamplerGraphs.LatentFactor, Number(step.Index * Factors)),
                    (SamplerGraphs.NoiseFactor, Number((step.Index * Factors) + 1)),
                ],
                (SamplerGraphs.Next, state.Next)
            );
            state.Advance(stepDone);

            void Predict(int half, UNetRun run, DeviceTensor destination)
            {
                if (step.IsFull)
                {
                    state.Features[half]?.Dispose();
                    state.Features[half] = null;
                    state.Features[half] = _unet.DeepFeature(sample, run);
                }

                _unet.PredictNoise(sample, state.Features[half]!, run, destination);
            }
        }

        state.Finish(stepDone);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _factors?.Dispose();
        _arithmetic.Dispose();
    }

    private OwnedDeviceTensor New(int images, int channels) => new(_runtime.Arena, _runtime.Type, images, _size, _size, channels);

    private DeviceTensor Number(int index) => new(_factors!.Pointer + (index * sizeof(float)), DeviceDataType.Float32, 1);

    /// <summary>What a clip's steps hand on.</summary>
    private sealed class State : IDisposable
    {
        private readonly DeviceRuntime _runtime;
        private readonly DeviceTensor _given;
        private readonly OwnedDeviceTensor _other;
        private readonly nint[] _marks;
        private int _steps;

        public State(DeviceRuntime runtime, bool hasHalves, DeviceTensor latents)
        {
            (_runtime, _given) = (runtime, latents);
            _other = new OwnedDeviceTensor(runtime.Arena, DeviceDataType.Float32, [.. latents.Shape]);
            Features = new OwnedDeviceTensor?[hasHalves ? 2 : 1];
            _marks = [runtime.Device.CreateEvent(), runtime.Device.CreateEvent()];
        }

        public DeviceTensor Latents => _steps % 2 == 0 ? _given : _other;

        public DeviceTensor Next => _steps % 2 == 0 ? _other : _given;

        public OwnedDeviceTensor?[] Features { get; }

        /// <summary>The step is queued. Waits for the one before, so that the queue is never empty and never far ahead.</summary>
        public void Advance(Action? stepDone)
        {
            _runtime.Device.Record(_marks[_steps % 2], DeviceStream.Compute);
            _steps++;
            if (_steps > 1)
            {
                _runtime.Device.Synchronize(_marks[_steps % 2]);
                stepDone?.Invoke();
            }
        }

        public void Finish(Action? stepDone)
        {
            if (Latents != _given)
            {
                _runtime.Device.Copy(_given.Pointer, _other.Pointer, _given.Bytes, CopyDirection.OnDevice, DeviceStream.Compute);
            }

            _runtime.Device.Synchronize(_marks[(_steps - 1) % 2]);
            stepDone?.Invoke();
        }

        public void Dispose()
        {
            _other.Dispose();
            foreach (var feature in Features)
            {
                feature?.Dispose();
            }

            foreach (var mark in _marks)
            {
                _runtime.Device.DestroyEvent(mark);
            }
        }
    }
}
