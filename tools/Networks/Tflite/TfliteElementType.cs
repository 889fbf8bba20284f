namespace LatentSync.Networks.Files;

/// <summary>Element types of tensors, numbered as in the TensorFlow Lite schema; only those the face models use.</summary>
internal enum TfliteElementType
{
    Float32 = 0,
    Float16 = 1,
    Int32 = 2,
}
