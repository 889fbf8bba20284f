using CsCheck;
using LatentSync.Cli.Batch;
using LatentSync.TestKit;

namespace LatentSync.FuzzTests;

/// <summary>Lists of jobs.</summary>
public sealed class BatchTests : IDisposable
{
    private static readonly string[] Names =
    [
        "video",
        "audio",
        "out",
        "num_frames",
        "seed",
        "face",
        "mix",
        "codec",
        "strict",
        "models",
        "jobs",
        "defaults",
        "overwrite",
    ];
    private static readonly string[] Texts = ["a.mp4", "b.wav", "out.mp4", "8", "like:a.png", "point:1,2@3", "h264", "true", "*", "30000/1001"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Yaml() =>
        Run(
            "jobs.yaml",
            Choose.Either(
                Mutations.Of(
                    [
                        "defaults:\n  audio: voice.wav\n  num_frames: 8\njobs:\n"
                            + "  - video: \"a: b.mp4\"\n    out: a.mp4\n  - {video: b.mp4, out: 'it''s.mp4', preset: ~}\n",
                    ],
                    "&a ",
                    "*a",
                    "<<: ",
                    "- ",
                    "? ",
                    "\"",
                    "{",
                    "[",
                    "\t",
                    "---\n",
                    "!!x "
                ),
                Grammars.Yaml(Names, Texts).Bytes()
            )
        );

    [Fact]
    public void Json() =>
        Run(
            "jobs.json",
            Choose.Either(
                Mutations.Of(
                    [
                        "{\"defaults\": {\"audio\": \"voice.wav\", \"num_frames\": 8}, "
                            + "\"jobs\": [{\"video\": \"a.mp4\", \"out\": \"a.mp4\"}, {\"video\": null, \"mix\": -20,},]}",
                    ],
                    "//",
                    "/*",
                    "null",
                    "[",
                    "{",
                    "\"",
                    "1e999",
                    "\\ud800"
                ),
                Grammars.Json(Names, Texts).Bytes()
            )
        );

    [Fact]
    public void Csv() =>
        Run(
            "jobs.csv",
            Choose.Either(
                Mutations.Of(
                    ["sep=;\r\nvideo;audio;out;seed\r\n;voice.wav;*;5\r\na.mp4;;a.mp4\r\n\"b;c.mp4\";;\"d\"\"e.mp4\"\r\n", "video,out\na.mp4,b.mp4\n"],
                    "\"",
                    "\"\"",
                    ",",
                    ";",
                    "\t",
                    "\r",
                    "\n",
                    "\0",
                    "*",
                    "sep=",
                    "ä"
                ),
                Grammars.Csv(Names, Texts).Bytes()
            )
        );

    /// <summary>Also makes the plan, which parses every value as if it had been written on a command line.</summary>
    private void Run(string name, Gen<byte[]> inputs) =>
        Campaign.Run(
            $"list of jobs ({Path.GetExtension(name)[1..]})",
            inputs,
            bytes =>
            {
                File.WriteAllBytes(_folder.File(name), bytes);
                new BatchPlan(_folder.File(name), overwrite: false, _ => { }).Create(BatchFile.Read(_folder.File(name)));
            },
            error => error is LipSyncException { Code: LipSyncErrorCode.InvalidInput or LipSyncErrorCode.InvalidOptions } && error.Message.Length > 0
        );
}
