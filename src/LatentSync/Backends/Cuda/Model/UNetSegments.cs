using LatentSync.Backends.Cuda.OnnxRuntime;
using LatentSync.Backends.Cuda.OnnxRuntime.Graphs;
using LatentSync.Checkpoints.Config;
using LatentSync.Networks.UNet;

namespace LatentSync.Backends.Cuda.Model;

/// <summary>
/// The UNet cut at the borders of its blocks, each piece a graph of its own. ONNX Runtime keeps the memory of dead values
/// for later values of the same size, across a whole graph; small graphs end that, and can run slice by slice where
/// images or pixels do not see each other.
/// </summary>
internal sealed class UNetSegments(DeviceNetwork network, DeviceRuntime runtime, UNetConfig config)
{
    /// <summary>Port: the map or the tokens that come from the piece before.</summary>
    public const string Hidden = "hidden";

    /// <summary>Port: the map that an up block joins in.</summary>
    public const string Skip = "skip";

    /// <summary>Port: [clips, channels], the projected time embedding plus the first convolution's bias.</summary>
    public const string Time = "time";

    /// <summary>Port: audio tokens of the images.</summary>
    public const string Audio = "audio";

    /// <summary>Port: tokens of the frames at each pixel, [clips * height * width, frames, channels].</summary>
    public const string Tokens = "tokens";

    /// <summary>Port: what comes out.</summary>
    public const string Result = "result";

    private const string Placeholder = "this";

    /// <summary>The input convolution.</summary>
    public DevicePiece InputConvolution(int size) =>
        Piece(Invariant($"conv_in_{size}"), string.Empty, clips: 1, (dialect, blocks) =>
            dialect.MapOutput(Result, blocks.InputConvolution(dialect.MapInput(Hidden, config.InChannels, size, size)))
        );

    /// <summary>A resnet; needs whole clips. With a skip's channels, the skip is joined first.</summary>
    public DevicePiece Resnet(string prefix, int clips, int size, int channels, int skipChannels, int outChannels) =>
        Piece(Invariant($"resnet_{channels}+{skipChannels}_{outChannels}_{size}_x{clips}"), prefix, clips, (dialect, blocks) =>
        {
            var hidden = dialect.MapInput(Hidden, channels, size, size);
            hidden = skipChannels == 0 ? hidden : dialect.Concatenate(hidden, dialect.MapInput(Skip, skipChannels, size, size));
            var time = dialect.VectorsInput(Time, clips, outChannels);
            dialect.MapOutput(Result, blocks.Resnet(Placeholder, outChannels, hidden, time));
        });

    /// <summary>A spatial transformer; any number of images.</summary>
    public DevicePiece Transformer(string prefix, int size, int channels, int audioTokens) =>
        Piece(Invariant($"transformer_{channels}_{size}{(audioTokens == 0 ? "_silent" : string.Empty)}"), prefix, clips: 1, (dialect, blocks) =>
        {
            var hidden = dialect.MapInput(Hidden, channels, size, size);
            var audio = audioTokens == 0 ? null : dialect.TokenInput(Audio, -1, audioTokens, config.CrossAttentionDim);
            dialect.MapOutput(Result, blocks.SpatialTransformer(Placeholder, hidden, audio));
        });

    /// <summary>The beginning of a motion module; needs whole clips.</summary>
    public DevicePiece MotionTokens(string prefix, int clips, int size, int channels) =>
        Piece(Invariant($"motion_tokens_{channels}_{size}_x{clips}"), prefix, clips, (dialect, blocks) =>
            dialect.TokenOutput(Tokens, blocks.MotionTokens(Placeholder, dialect.MapInput(Hidden, channels, size, size)))
        );

    /// <summary>The middle of a motion module; any multiple of so many pixels.</summary>
    public DevicePiece MotionTransformer(string prefix, int frames, int channels, int pixels) =>
        Piece(Invariant($"motion_{channels}_{frames}_{pixels}"), prefix, clips: 1, (dialect, blocks) =>
            dialect.TokenOutput(Result, blocks.MotionTransformer(Placeholder, dialect.TokenInput(Tokens, -1, frames, channels), pixels))
        );

    /// <summary>The end of a motion module; needs whole clips.</summary>
    public DevicePiece AddMotion(string prefix, int clips, int size, int channels) =>
        Piece(Invariant($"motion_add_{channels}_{size}_x{clips}"), prefix, clips, (dialect, blocks) =>
            dialect.MapOutput(
                Result,
                blocks.AddMotion(Placeholder, dialect.TokenInput(Tokens, clips * size * size, -1, channels), dialect.MapInput(Hidden, channels, size, size))
            )
        );

    /// <summary>Halves the size; any number of images.</summary>
    public DevicePiece Downsample(string block, int size, int channels) =>
        Piece(Invariant($"downsample_{channels}_{size}"), block, clips: 1, (dialect, blocks) =>
            dialect.MapOutput(Result, blocks.Downsample(Placeholder, channels, dialect.MapInput(Hidden, channels, size, size)))
        );

    /// <summary>Doubles the size; any number of images.</summary>
    public DevicePiece Upsample(string block, int size, int channels) =>
        Piece(Invariant($"upsample_{channels}_{size}"), block, clips: 1, (dialect, blocks) =>
            dialect.MapOutput(Result, blocks.Upsample(Placeholder, channels, dialect.MapInput(Hidden, channels, size, size)))
        );

    /// <summary>The output head; needs whole clips.</summary>
    public DevicePiece Output(int clips, int size) =>
        Piece(Invariant($"conv_out_{size}_x{clips}"), string.Empty, clips, (dialect, blocks) =>
            dialect.MapOutput(Result, blocks.Output(dialect.MapInput(Hidden, config.BlockOutChannels[0], size, size)))
        );

    private DevicePiece Piece(string name, string prefix, int clips, Action<CudaDialect, UNetBlocks> describe) =>
        network.Piece(
            name,
            writer =>
            {
                var dialect = runtime.NewDialect(writer);
                describe(dialect, new UNetBlocks(dialect, config, clips, []));
                return writer.Build();
            },
            Placeholder,
            prefix
        );
}
