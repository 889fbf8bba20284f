using System.Runtime.InteropServices;

namespace LatentSync.Backends.Cuda.Bindings;

/// <summary>A loaded library and its functions by name.</summary>
/// <param name="name">What people call it, such as cuDNN.</param>
/// <param name="path">The file, or a bare name that the system's loader knows.</param>
internal sealed class NativeFunctions(string name, string path)
{
    private readonly nint _library = Load(name, path);

    /// <summary>The file it was loaded from.</summary>
    public string Path => path;

    /// <summary>A function's address.</summary>
    /// <exception cref="LipSyncException">The library is too old to have it.</exception>
    public nint this[string function] =>
        NativeLibrary.TryGetExport(_library, function, out var address)
            ? address
            : throw Unusable(path, $"{name} in \"{path}\" has no function {function}: it is too old; install a newer one, or run with {OptionReference.Cpu}.");

    private static nint Load(string name, string path) =>
        NativeLibrary.TryLoad(path, out var library)
            ? library
            : throw Unusable(path, $"{name} in \"{path}\" cannot be loaded, so the GPU cannot be used; install it again, or run with {OptionReference.Cpu}.");

    private static LipSyncException Unusable(string path, FormattableString message) => new(LipSyncErrorCode.MissingDependency, message) { Path = path };
}
