using System.Diagnostics;

namespace LatentSync.TestKit;

/// <summary>
/// A library in C that answers as NVML does, with the structures of nvml.h written out, compiled during the test. It shows
/// whether the calls from C# and their structures agree with C.
/// </summary>
internal static class FakeNvml
{
    /// <summary>What each of the two cards has; the second one is of an old driver's kind that tells little.</summary>
    public const string Name = "Fake RTX 4070";

    private const string Source = """
        #include <stdio.h>
        #include <string.h>
        #include <unistd.h>

        typedef struct { unsigned long long total, free, used; } memory;
        typedef struct { unsigned int gpu, memory; } utilization;
        typedef struct { unsigned int pid; unsigned long long used; unsigned int gpu_instance, compute_instance; } process;
        typedef struct { char legacy[16]; unsigned int domain, bus, device, ids, subsystem; char bus_id[32]; } pci;

        static int cards[2];
        static int open_sessions;

        static int number(int *card) { return open_sessions == 1 && (card == cards || card == cards + 1) ? (int)(card - cards) : -1; }

        int nvmlInit_v2(void) { open_sessions++; return INIT_CODE; }
        int nvmlShutdown(void) { open_sessions--; return 0; }
        const char *nvmlErrorString(int code) { return code == 9 ? "Driver Not Loaded" : code == 6 ? "Not Found" : "Other"; }
        int nvmlSystemGetDriverVersion(char *text, unsigned int length) { snprintf(text, length, "580.65.06"); return 0; }
        int nvmlSystemGetCudaDriverVersion_v2(int *version) { *version = CUDA; return 0; }
        int nvmlDeviceGetCount_v2(unsigned int *count) { *count = CARDS; return 0; }

        int nvmlDeviceGetHandleByIndex_v2(unsigned int index, int **card) {
            if (index >= CARDS) return 2;
            *card = cards + index;
            return 0;
        }

        int nvmlDeviceGetHandleByPciBusId_v2(const char *id, int **card) {
            if (strcmp(id, "00000000:41:00.0")) return 6;
            *card = cards + 1;
            return 0;
        }

        int nvmlDeviceGetIndex(int *card, unsigned int *index) { *index = number(card); return number(card) < 0; }
        int nvmlDeviceGetName(int *card, char *text, unsigned int length) { snprintf(text, length, "Fake RTX 4070"); return number(card) < 0; }

        int nvmlDeviceGetPciInfo_v3(int *card, pci *info) {
            memset(info, 0x7f, sizeof *info);
            strcpy(info->bus_id, number(card) ? "00000000:41:00.0" : "00000000:01:00.0");
            return number(card) < 0;
        }

        int nvmlDeviceGetMemoryInfo(int *card, memory *info) {
            *info = (memory){ 12ull << 30, 9ull << 30, 3ull << 30 };
            return number(card) < 0;
        }

        int nvmlDeviceGetUtilizationRates(int *card, utilization *rates) {
            if (number(card)) return 3;
            *rates = (utilization){ 87, 12 };
            return 0;
        }

        int nvmlDeviceGetTemperature(int *card, int sensor, unsigned int *degrees) {
            if (number(card) || sensor) return 3;
            *degrees = 64;
            return 0;
        }

        /* The first card has more processes than fit at first, ours among the last, in two parts. The second hides it. */
        int PROCESSES(int *card, unsigned int *count, process *list) {
            unsigned int total = number(card) ? 1 : 100, room = *count;
            *count = total;
            if (room < total) return 7;
            for (unsigned int i = 0; i < total; i++) list[i] = (process){ 1, 5, -1, -1 };
            if (number(card) == 0) {
                list[97] = (process){ getpid(), 1ull << 32, 0, 0 };
                list[98] = (process){ getpid(), -1ull, 0, 1 };
                list[99] = (process){ getpid(), 12345, 1, 0 };
            }
            return 0;
        }
        """;

    /// <summary>Compiles the library into a folder.</summary>
    /// <param name="folder">Where to put it.</param>
    /// <param name="cards">0 to 2.</param>
    /// <param name="cuda">The driver's CUDA version as NVML writes it: 13000 for 13.0.</param>
    /// <param name="initCode">What opening the session answers; 0 for success.</param>
    /// <param name="processes">The function that lists processes: the newest, or an old driver's.</param>
    /// <returns>The library's path; null if there is no gcc.</returns>
    public static async Task<string?> CompileAsync(
        string folder,
        int cards = 2,
        int cuda = 13000,
        int initCode = 0,
        string processes = "nvmlDeviceGetComputeRunningProcesses_v3"
    )
    {
        const string compiler = "/usr/bin/gcc";
        if (!OperatingSystem.IsLinux() || !File.Exists(compiler))
        {
            return null;
        }

        var source = Path.Combine(folder, "nvml.c");
        var library = Path.Combine(folder, "libnvidia-ml.so.1");
        await File.WriteAllTextAsync(source, Source);
        using var gcc = Process.Start(
            new ProcessStartInfo(
                compiler,
                [
                    "-Wall",
                    "-Werror",
                    "-shared",
                    "-fPIC",
                    FormattableString.Invariant($"-DCARDS={cards}"),
                    FormattableString.Invariant($"-DCUDA={cuda}"),
                    FormattableString.Invariant($"-DINIT_CODE={initCode}"),
                    $"-DPROCESSES={processes}",
                    "-o",
                    library,
                    source,
                ]
            )
        )!;
        await gcc.WaitForExitAsync();
        return gcc.ExitCode == 0 ? library : throw new InvalidOperationException("gcc could not compile the fake NVML; its words are above.");
    }
}
