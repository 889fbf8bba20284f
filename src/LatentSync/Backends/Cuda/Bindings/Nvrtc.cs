using System.Runtime.InteropServices;
using System.Text;

namespace LatentSync.Backends.Cuda.Bindings;

/// <summary>NVIDIA's run-time compiler: CUDA C++ to machine code of one card.</summary>
internal sealed unsafe class Nvrtc
{
    private readonly delegate* unmanaged<int, byte*> _getErrorString;
    private readonly delegate* unmanaged<int*, int*, int> _version;
    private readonly delegate* unmanaged<int*, int> _getNumSupportedArchs;
    private readonly delegate* unmanaged<int*, int> _getSupportedArchs;
    private readonly delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int> _createProgram;
    private readonly delegate* unmanaged<nint*, int> _destroyProgram;
    private readonly delegate* unmanaged<nint, int, byte**, int> _compileProgram;
    private readonly delegate* unmanaged<nint, nuint*, int> _getCubinSize;
    private readonly delegate* unmanaged<nint, byte*, int> _getCubin;
    private readonly delegate* unmanaged<nint, nuint*, int> _getLogSize;
    private readonly delegate* unmanaged<nint, byte*, int> _getLog;

    /// <summary>Loads the library.</summary>
    public Nvrtc(string path)
    {
        var library = new NativeFunctions("NVRTC", path);
        _getErrorString = (delegate* unmanaged<int, byte*>)library["nvrtcGetErrorString"];
        _version = (delegate* unmanaged<int*, int*, int>)library["nvrtcVersion"];
        _getNumSupportedArchs = (delegate* unmanaged<int*, int>)library["nvrtcGetNumSupportedArchs"];
        _getSupportedArchs = (delegate* unmanaged<int*, int>)library["nvrtcGetSupportedArchs"];
        _createProgram = (delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int>)library["nvrtcCreateProgram"];
        _destroyProgram = (delegate* unmanaged<nint*, int>)library["nvrtcDestroyProgram"];
        _compileProgram = (delegate* unmanaged<nint, int, byte**, int>)library["nvrtcCompileProgram"];
        _getCubinSize = (delegate* unmanaged<nint, nuint*, int>)library["nvrtcGetCUBINSize"];
        _getCubin = (delegate* unmanaged<nint, byte*, int>)library["nvrtcGetCUBIN"];
        _getLogSize = (delegate* unmanaged<nint, nuint*, int>)library["nvrtcGetProgramLogSize"];
        _getLog = (delegate* unmanaged<nint, byte*, int>)library["nvrtcGetProgramLog"];
    }

    /// <summary>Such as (13, 0).</summary>
    public (int Major, int Minor) Version
    {
        get
        {
            int major,
                minor;
            Check(_version(&major, &minor), "tell its version");
            return (major, minor);
        }
    }

    /// <summary>The architectures it compiles for, such as 90.</summary>
    public int[] Architectures
    {
        get
        {
            int count;
            Check(_getNumSupportedArchs(&count), "count its architectures");
            var architectures = new int[count];
            fixed (int* first = architectures)
            {
                Check(_getSupportedArchs(first), "tell its architectures");
            }

            return architectures;
        }
    }

    /// <summary>Compiles a source that may include the given headers by name.</summary>
    /// <param name="name">The source's name, for messages.</param>
    /// <param name="source">CUDA C++.</param>
    /// <param name="headers">Names and texts.</param>
    /// <param name="options">Such as <c>--gpu-architecture=sm_90</c>.</param>
    /// <exception cref="LipSyncException">It does not compile; the compiler's first complaint is in the message.</exception>
    public byte[] Compile(string name, string source, IReadOnlyList<(string Name, string Text)> headers, IReadOnlyList<string> options)
    {
        using var strings = new NativeStrings();
        nint program;
        fixed (
            byte** texts = strings.Add(headers.Select(header => header.Text)),
                names = strings.Add(headers.Select(header => header.Name))
        )
        {
            Check(_createProgram(&program, strings.Add(source), strings.Add(name), headers.Count, texts, names), $"take {name}");
        }

        try
        {
            int result;
            fixed (byte** texts = strings.Add(options))
            {
                result = _compileProgram(program, options.Count, texts);
            }

            if (result != 0)
            {
                var lines = Log(program).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                throw Failed($"compile {name}: {lines.FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal)) ?? ErrorText(result)}");
            }

            nuint size;
            Check(_getCubinSize(program, &size), "tell the size of its result");
            var cubin = new byte[(int)size];
            fixed (byte* bytes = cubin)
            {
                Check(_getCubin(program, bytes), "hand its result over");
            }

            return cubin;
        }
        finally
        {
            Check(_destroyProgram(&program), "free a program");
        }
    }

    private static LipSyncException Failed(string what) =>
        new(LipSyncErrorCode.InferenceFailed, $"NVRTC failed to {what}; try another version of CUDA, or run with {OptionReference.Cpu}.");

    private string Log(nint program)
    {
        nuint size;
        Check(_getLogSize(program, &size), "tell the size of its log");
        var log = new byte[(int)size];
        fixed (byte* bytes = log)
        {
            Check(_getLog(program, bytes), "hand its log over");
        }

        return Encoding.UTF8.GetString(log).TrimEnd('\0');
    }

    private void Check(int result, string what)
    {
        if (result != 0)
        {
            throw Failed($"{what} ({ErrorText(result)})");
        }
    }

    private string ErrorText(int result) => Marshal.PtrToStringUTF8((nint)_getErrorString(result)) ?? Invariant($"error {result}");
}
