using System.Runtime.InteropServices;

namespace LatentSync.Backends.Cuda.Bindings;

/// <summary>A loaded library and its functions by name. It stays loaded until the process ends.</summary>
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

    private static nint Load(string name, string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            var reason = Reason(error);
            throw Unusable(
                path,
                $"{name} in \"{path}\" cannot be loaded ({reason}), so the GPU cannot be used; install it again, or use {OptionReference.Cpu}.",
                error
            );
        }
    }

    /// <summary>.NET's message has an advice on many lines around the loader's own words, which come last.</summary>
    private static string Reason(Exception error) =>
        error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault()?.TrimEnd('.') ?? error.GetType().Name;

    private static LipSyncException Unusable(string path, FormattableString message, Exception? cause = null) =>
        new(LipSyncErrorCode.MissingDependency, message, cause) { Path = path };
}
