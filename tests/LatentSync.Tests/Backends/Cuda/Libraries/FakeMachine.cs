using LatentSync.Backends.Cuda.Libraries;
using LatentSync.TestKit;

namespace LatentSync.Tests.Backends.Cuda.Libraries;

/// <summary>A folder that plays the whole file system, and an environment.</summary>
internal sealed class FakeMachine : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public FakeMachine()
    {
        Environment["HOME"] = File("home/a user");
        Environment["LATENTSYNC_HOME"] = File("data/latentsync");
    }

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public string Root => _root.Path;

    public bool IsWindows { get; set; }

    public void Dispose() => _root.Dispose();

    public string File(string path) => _root.File(path);

    /// <summary>Sets a variable to a folder of this machine: <c>NAME=folder</c>; nothing for an empty text.</summary>
    public void Set(string variable)
    {
        if (variable.Split('=') is [var name, var folder])
        {
            Environment[name] = File(folder);
        }
    }

    /// <summary>Writes a library that is none.</summary>
    public string Put(string path) => Write(path, "a library");

    /// <summary>Writes several into a folder.</summary>
    public void Put(string folder, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            Put(Path.Combine(folder, name));
        }
    }

    public string Write(string path, string text)
    {
        var file = File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        System.IO.File.WriteAllText(file, text);
        return file;
    }

    public CudaSearch Search() => new(Environment.GetValueOrDefault, Root, IsWindows);

    /// <summary>What would be used here.</summary>
    /// <param name="driver">What <c>cuDriverGetVersion</c> says; null if there is no driver.</param>
    /// <param name="capability">The card's compute capability, if it is known.</param>
    public CudaLibraries Find(int? driver, (int Major, int Minor)? capability = null) =>
        CudaLibraries.Find(Search(), new DriverLibrary(driver is null ? null : "/lib/libcuda.so.1", driver), capability);
}
