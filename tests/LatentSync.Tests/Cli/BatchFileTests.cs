using LatentSync.Cli.Batch;
using LatentSync.TestKit;

namespace LatentSync.Tests.Cli;

public sealed class BatchFileTests : IDisposable
{
    private const string Yaml = """
        # dubbing of the week
        defaults:
          audio: voice.wav
          num_frames: 8
          strict: true
        jobs:
          - video: "a: b.mp4"
            out: a.mp4
          - video: b.mp4
            audio: other.wav
            mix: -20
            preset: ~
            out: 'it''s.mp4'
        """;

    private const string Json = """
        {
          // dubbing of the week
          "defaults": { "audio": "voice.wav", "num_frames": 8, "strict": true },
          "jobs": [
            { "video": "a: b.mp4", "out": "a.mp4" },
            {
              "video": "b.mp4", "audio": "other.wav", "mix": -20, "preset": null, "out": "it's.mp4",
            },
          ]
        }
        """;

    private const string Csv = """
        video,audio,out,num_frames,strict,mix,preset
        ,voice.wav,*,8,true,,

        a: b.mp4,,a.mp4
        b.mp4,other.wav,it's.mp4,,,-20,
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("jobs.yaml", Yaml, 3, 7, 9)]
    [InlineData("jobs.YML", Yaml, 3, 7, 9)]
    [InlineData("jobs.json", Json, 3, 5, 6)]
    [InlineData("jobs.csv", Csv, 2, 4, 5)]
    public void AllThree_SayTheSame(string name, string text, int defaults, int first, int second)
    {
        var file = Read(name, text);
        Assert.Equal(["audio=voice.wav", "num-frames=8", "strict=true"], Values(file.Defaults));
        Assert.Equal(["out=a.mp4", "video=a: b.mp4"], Values(file.Jobs[0]));
        Assert.Equal(["audio=other.wav", "mix=-20", "out=it's.mp4", "video=b.mp4"], Values(file.Jobs[1]));
        Assert.Equal([defaults, first, second], [file.Defaults.Line, file.Jobs[0].Line, file.Jobs[1].Line]);
    }

    [Theory]
    [InlineData("jobs.yaml", "- video: a.mp4\n  out: b.mp4\n- video: c.mp4")]
    [InlineData("jobs.json", """[{"video": "a.mp4", "out": "b.mp4"}, {"video": "c.mp4"}]""")]
    [InlineData("jobs.csv", "Video;Out\r\na.mp4;b.mp4\r\nc.mp4;\r\n")]
    [InlineData("jobs.csv", "video\tout\na.mp4\tb.mp4\nc.mp4\n")]
    public void WithoutDefaults_JobsAlone(string name, string text)
    {
        var file = Read(name, text);
        Assert.Empty(file.Defaults.Values);
        Assert.Equal(["out=b.mp4", "video=a.mp4"], Values(file.Jobs[0]));
        Assert.Equal(["video=c.mp4"], Values(file.Jobs[1]));
    }

    [Fact]
    public void Csv_Quotes()
    {
        var file = Read("jobs.csv", "video,out\n\"a, \"\"b\"\".mp4\",c.mp4\n\"two\nlines.mp4\",d.mp4\ne.mp4,f.mp4");
        Assert.Equal(["out=c.mp4", "video=a, \"b\".mp4"], Values(file.Jobs[0]));
        Assert.Equal("two\nlines.mp4", file.Jobs[1].Values["video"].ReplaceLineEndings("\n"));
        Assert.Equal(["out=f.mp4", "video=e.mp4"], Values(file.Jobs[2]));
    }

    [Theory]
    [InlineData("jobs.txt", "video", "its ending is none of .yaml, .yml, .json, .csv")]
    [InlineData("jobs.yaml", "", "is empty or not an ordinary file")]
    [InlineData("jobs.yaml", "defaults:\n  seed: 1", "it has no job")]
    [InlineData("jobs.yaml", "jobs:\n  - video: a\n    video: b", "line 3: \"video\" comes twice")]
    [InlineData("jobs.yaml", "jobs:\n  - video: [a, b]", "line 2: a single value for video is expected here")]
    [InlineData("jobs.yaml", "jobs:\n  - a.mp4", "line 2: names and values, such as video: talk.mp4 is expected here")]
    [InlineData("jobs.yaml", "job:\n  - video: a", "line 1: \"job\" is unknown here or comes twice")]
    [InlineData("jobs.yaml", "- &x {video: a}\n- *x", "line 2: ")]
    [InlineData("jobs.yaml", "- video: \"a", "line 1: ")]
    [InlineData("jobs.json", "[{\"video\": \"a\"},\n {\"video\": [1]}]", "line 2: a single value for video is expected here")]
    [InlineData("jobs.json", "[{\"video\": \"a\"\n", "line 2: ")]
    [InlineData("jobs.json", "[{\"video\": \"a\"}] x", "line 1: ")]
    [InlineData("jobs.json", "[]", "it has no job")]
    [InlineData("jobs.csv", "video,out\na,b,c", "line 2: it has 3 cells, and the first row 2")]
    [InlineData("jobs.csv", "video,video\na,b", "line 1: \"video\" comes twice")]
    [InlineData("jobs.csv", "video,out\n\"a,b", "line 2: a quote is not closed")]
    [InlineData("jobs.csv", "video,out\n", "it has no job")]
    public void WhatIsWrong_IsSaidWithItsLine(string name, string text, string expected)
    {
        var error = Assert.Throws<LipSyncException>(() => Read(name, text));
        Assert.Equal(LipSyncErrorCode.InvalidInput, error.Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jobs.yaml", '[', 200_000)]
    [InlineData("jobs.yaml", '{', 200_000)]
    [InlineData("jobs.json", '[', 200_000)]
    [InlineData("jobs.csv", '"', 200_000)]
    [InlineData("jobs.csv", 'x', 12_000_000)]
    public void EndlessText_IsRefused(string name, char character, int count) =>
        Assert.Throws<LipSyncException>(() => Read(name, new string(character, count)));

    /// <summary>What Excel writes, and others that let the reader know the delimiter.</summary>
    [Theory]
    [InlineData("sep=;\r\nvideo;out\r\na,1.mp4;b.mp4\r\n")]
    [InlineData("\"sep=;\"\nvideo;out\na,1.mp4;b.mp4")]
    [InlineData("SEP=\t\nvideo\tout\na,1.mp4\tb.mp4")]
    [InlineData("sep=|\nvideo|out\n\"a,1.mp4\"|b.mp4")]
    public void Csv_SaysItsDelimiter(string text)
    {
        var file = Read("jobs.csv", text);
        Assert.Equal(["out=b.mp4", "video=a,1.mp4"], Values(Assert.Single(file.Jobs)));
        Assert.Equal(3, file.Jobs[0].Line);
    }

    [Theory]
    [InlineData("jobs.csv", "video,out\ncaf\u00e9.mp4,a.mp4\n", "iso-8859-1", 2)]
    [InlineData("jobs.yaml", "- video: a.mp4\n  audio: b.wav\n  out: \u00e4.mp4\n", "iso-8859-1", 3)]
    [InlineData("jobs.json", "[{\"video\": \"\u00e4.mp4\"}]", "iso-8859-1", 1)]
    [InlineData("jobs.csv", "video,out\na.mp4,b.mp4\n", "utf-16", 1)]
    [InlineData("jobs.csv", "video,out\na.mp4,b.mp4\n", "utf-16BE", 1)]
    [InlineData("jobs.yaml", "- video: a.mp4\n", "utf-32", 1)]
    public void AnotherEncoding_IsRefusedWithItsLine(string name, string text, string encoding, int line)
    {
        var bytes = System.Text.Encoding.GetEncoding(encoding) is var other ? (byte[])[.. other.Preamble, .. other.GetBytes(text)] : [];
        File.WriteAllBytes(_folder.File(name), bytes);
        var error = Assert.Throws<LipSyncException>(() => BatchFile.Read(_folder.File(name)));
        Assert.Equal(LipSyncErrorCode.InvalidInput, error.Code);
        Assert.Contains(FormattableString.Invariant($"line {line}: it is not UTF-8"), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jobs.csv", "video,out\n\u00e4.mp4,a.mp4\n")]
    [InlineData("jobs.yaml", "- video: \u00e4.mp4\n  out: a.mp4\n")]
    [InlineData("jobs.json", "[{\"video\": \"\u00e4.mp4\", \"out\": \"a.mp4\"}]")]
    public void TheMarkOfUtf8_IsNoPartOfTheText(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal(["out=a.mp4", "video=\u00e4.mp4"], Values(Assert.Single(BatchFile.Read(_folder.File(name)).Jobs)));
    }

    [Fact]
    public void MissingFile_IsSaid() =>
        Assert.Contains("does not exist", Assert.Throws<LipSyncException>(() => BatchFile.Read(_folder.File("none.yaml"))).Message, StringComparison.Ordinal);

    private static IEnumerable<string> Values(BatchEntry entry) => entry.Values.Select(value => $"{value.Key}={value.Value}").Order(StringComparer.Ordinal);

    private BatchFile Read(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return BatchFile.Read(_folder.File(name));
    }
}
