using System.Runtime.InteropServices;

namespace LatentSync.Backends.Cuda.Runtime;

/// <summary>
/// cuBLAS keeps scratch memory for each of its handles, 32 MiB and more on large cards, and ONNX Runtime makes a handle
/// for each session: gigabytes for a network in pieces. Its documented variable makes that 128 KiB; on an H100 the products
/// of these networks take as long as before. A value that the user has set stays.
/// </summary>
internal static partial class CublasWorkspace
{
    private const string Variable = "CUBLAS_WORKSPACE_CONFIG";
    private const string EightOfSixteenKibibytes = ":16:8";

    /// <summary>Sets the variable; only what is loaded afterwards sees it.</summary>
    public static void Shrink()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not null)
        {
            return;
        }

        // .NET keeps its own copy of the environment, which libraries do not see.
        Environment.SetEnvironmentVariable(Variable, EightOfSixteenKibibytes);
        if (!OperatingSystem.IsWindows())
        {
            _ = SetEnvironment(Variable, EightOfSixteenKibibytes, 1);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
