namespace LatentSync.Networks.Files;

/// <summary>Operators, numbered as in the TensorFlow Lite schema; only those the face models use.</summary>
internal enum TfliteOperatorCode
{
    Add = 0,
    Concatenation = 2,
    Conv2D = 3,
    DepthwiseConv2D = 4,
    Dequantize = 6,
    MaxPool2D = 17,
    Relu = 19,
    Reshape = 22,
    ResizeBilinear = 23,
    Pad = 34,
    PRelu = 54,
}
