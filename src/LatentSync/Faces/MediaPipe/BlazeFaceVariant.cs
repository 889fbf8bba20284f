namespace LatentSync.Faces.MediaPipe;

/// <summary>What sets one BlazeFace network apart from another.</summary>
/// <param name="FileName">The network's file.</param>
/// <param name="Size">The side of its input.</param>
/// <param name="Planar">Whether the input is [1, 3, H, W] rather than [1, H, W, 3].</param>
/// <param name="Heads">One per grid of anchors, in the order of the outputs: cells per side and anchors per cell.</param>
/// <param name="Outputs">The names of the scores of every head, then of the regressors of every head.</param>
internal sealed record BlazeFaceVariant(string FileName, int Size, bool Planar, (int Grid, int PerCell)[] Heads, string[] Outputs)
{
    /// <summary>Values of one regressor: centre x and y, width, height, then six points.</summary>
    public const int RegressorLength = 16;

    /// <summary>The default: faces from 45 pixels up in full-body framing.</summary>
    public static BlazeFaceVariant Back { get; } =
        new(FaceModelFiles.BackDetector, 256, Planar: false, [(16, 2), (8, 6)], ["Identity:0", "Identity_1:0", "Identity_2:0", "Identity_3:0"]);

    /// <summary>The fallback: better where the frame's edge cuts the face.</summary>
    public static BlazeFaceVariant FullRange { get; } = new(FaceModelFiles.FullRangeDetector, 192, Planar: true, [(48, 1)], ["classificators", "regressors"]);

    /// <summary>The shape of the input.</summary>
    public int[] InputShape => Planar ? [1, 3, Size, Size] : [1, Size, Size, 3];

    /// <summary>The outputs with their shapes.</summary>
    public (string Name, int[] Shape)[] NamedOutputs()
    {
        var outputs = new (string, int[])[Outputs.Length];
        for (var head = 0; head < Heads.Length; head++)
        {
            var anchors = AnchorCount(head);
            outputs[head] = (Outputs[head], [1, anchors, 1]);
            outputs[Heads.Length + head] = (Outputs[Heads.Length + head], [1, anchors, RegressorLength]);
        }

        return outputs;
    }

    /// <summary>Anchors of one head.</summary>
    public int AnchorCount(int head) => Heads[head].Grid * Heads[head].Grid * Heads[head].PerCell;
}
