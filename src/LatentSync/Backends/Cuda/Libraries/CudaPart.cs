namespace LatentSync.Backends.Cuda.Libraries;

/// <summary>One library that a card needs, found or not.</summary>
/// <param name="Name">What people install, such as "CUDA 13"; several libraries may share it.</param>
/// <param name="FileName">Its file, such as libcudnn.so.9.</param>
/// <param name="Path">Where it is; null if it was not found. Only a file name where the system's loader knows it but does not tell the place.</param>
/// <param name="Advice">How to get it: a clause without a full stop.</param>
internal sealed record CudaPart(string Name, string FileName, string? Path, FormattableString Advice);
