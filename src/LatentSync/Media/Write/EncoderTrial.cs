using LatentSync.Imaging;
using LatentSync.Media.Encoders;
using LatentSync.Media.Ffmpeg;

namespace LatentSync.Media.Write;

/// <summary>Finds out which encoder a machine has, by encoding one frame: neither ffmpeg's list nor the driver's tells.</summary>
internal static class EncoderTrial
{
    /// <summary>
    /// The options with an encoder that works. One that was asked for has to; <see cref="VideoEncoderKind.Auto"/> becomes
    /// the first that does.
    /// </summary>
    /// <exception cref="LipSyncException">
    /// InvalidOptions: this file or this size does not take the settings. MissingDependency: ffmpeg lacks the encoder.
    /// DeviceUnavailable: the machine does.
    /// </exception>
    public static async Task<VideoWriteOptions> ResolveAsync(MediaTools tools, VideoWriteOptions options, CancellationToken cancellationToken)
    {
        if (options.Encoding.Encoder == VideoEncoderKind.Auto)
        {
            foreach (var kind in HardwareEncoders.Kinds)
            {
                var candidate = options with { Encoding = options.Encoding with { Encoder = kind } };
                if (Mistake(candidate) is null && await FailureAsync(tools, candidate, cancellationToken).ConfigureAwait(false) is null)
                {
                    return candidate;
                }
            }

            options = options with { Encoding = options.Encoding with { Encoder = VideoEncoderKind.Software } };
        }

        if (Mistake(options) is { } mistake)
        {
            throw new LipSyncException(LipSyncErrorCode.InvalidOptions, mistake) { Path = options.Path };
        }

        return await FailureAsync(tools, options, cancellationToken).ConfigureAwait(false) is { } failure ? throw failure : options;
    }

    private static FormattableString? Mistake(VideoWriteOptions options) =>
        options.Encoding.Validate() is [var first, ..]
            ? first.Sentence
            : VideoEncoder.For(options.Encoding).Mistake(options.Encoding, options.Path, options.SourceFormat, options.Width, options.Height);

    private static async Task<LipSyncException?> FailureAsync(MediaTools tools, VideoWriteOptions options, CancellationToken cancellationToken)
    {
        var encoder = VideoEncoder.For(options.Encoding);

        // libx264 is in every ffmpeg that this program can be installed with; its absence is noticed when it is used.
        if (options.Encoding is { Codec: VideoCodec.H264, Encoder: VideoEncoderKind.Software })
        {
            return null;
        }

        if (!await tools.HasEncoderAsync(encoder.Library, cancellationToken).ConfigureAwait(false))
        {
            var option = new OptionReference(encoder.IsHardware ? nameof(VideoEncoding.Encoder) : nameof(VideoEncoding.Codec));
            return new LipSyncException(
                LipSyncErrorCode.MissingDependency,
                $"This ffmpeg cannot write {encoder.Name} because it lacks {encoder.Library}; choose another {option}, or install a full build of ffmpeg."
            )
            {
                Path = tools.FfmpegPath,
            };
        }

        return encoder.IsHardware ? await TryAsync(tools, options, encoder, cancellationToken).ConfigureAwait(false) : null;
    }

    private static async Task<LipSyncException?> TryAsync(
        MediaTools tools,
        VideoWriteOptions options,
        VideoEncoder encoder,
        CancellationToken cancellationToken
    )
    {
        const string nowhere = "null";
        var run = tools.StartFfmpeg(VideoWriteCommand.Encode(options, nowhere, Path.GetFullPath(options.Path)));
        await using (run.ConfigureAwait(false))
        {
            try
            {
                await run.WriteAsync(new RgbImage(options.Width, options.Height).Pixels, cancellationToken).ConfigureAwait(false);
            }
            catch (IOException)
            {
                // The encoder is not there; ffmpeg says so below.
            }

            var option = new OptionReference(nameof(VideoEncoding.Encoder));
            var (width, height) = (options.Width, options.Height);
            return await run.WaitAsync(cancellationToken).ConfigureAwait(false) == 0
                ? null
                : new LipSyncException(
                    LipSyncErrorCode.DeviceUnavailable,
                    $"This machine cannot encode {encoder.Name} of {width}x{height} with {encoder.Library}; install its graphics driver, or leave out {option}."
                )
                {
                    Path = options.Path,
                    Detail = run.LastWords,
                };
        }
    }
}
