using System.Diagnostics;

namespace LatentSync.EndToEndTests.Cli;

/// <summary>The language of help and errors: the option, the program's variable, the locale.</summary>
public sealed class LanguageTests
{
    private static readonly string[] Mistake = ["inspect", "/no such file"];

    [Fact]
    public async Task Option_MakesTheHelpChinese()
    {
        var result = await CliRun.RunAsync("--lang", "zh", "--help");
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("说明：\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("选项：\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("让视频中的嘴唇与声音同步。\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Locale_MakesErrorsChinese()
    {
        var chinese = await CliRun.RunAsync(Mistake, InLocale("zh_CN.UTF-8"));
        Assert.Equal((int)LipSyncErrorCode.InvalidInput, chinese.ExitCode);
        Assert.Equal(["“/no such file”不存在；请检查路径。"], chinese.ErrorLines);

        var english = await CliRun.RunAsync(Mistake, InLocale("C"));
        Assert.Equal((int)LipSyncErrorCode.InvalidInput, english.ExitCode);
        Assert.Equal(["\"/no such file\" does not exist; check the path."], english.ErrorLines);
    }

    /// <summary>Mistakes of options, which the parser finds, too.</summary>
    [Fact]
    public async Task Mistakes_AreChinese()
    {
        var result = await CliRun.RunAsync("sync", "--lang", "zh", "--vido", "--audio", "a.wav", "--out", "b.mp4", "--num-frames", "5");
        Assert.Equal((int)LipSyncErrorCode.InvalidOptions, result.ExitCode);
        string[] mistakes =
        [
            "无法识别的命令或参数“--vido”。您是不是想输入“--video”？",
            "缺少必填选项“--video”。",
            "--num-frames 是 5；只能是 4、8、12、16、20、24、28 或 32。",
            "见“latentsync sync --help”。",
        ];
        Assert.Equal(mistakes.Order(StringComparer.Ordinal), result.ErrorLines.Order(StringComparer.Ordinal));
    }

    /// <summary>Programs read the same whoever starts them.</summary>
    [Fact]
    public async Task Json_StaysEnglish()
    {
        var result = await CliRun.RunAsync([.. Mistake, "--json"], InLocale("zh_CN.UTF-8"));
        Assert.Equal("\"/no such file\" does not exist; check the path.", (string?)Assert.Single(result.Events)["message"]);
    }

    private static Action<ProcessStartInfo> InLocale(string locale) =>
        start =>
        {
            start.Environment.Remove("LATENTSYNC_LANG");
            start.Environment.Remove("LC_ALL");
            start.Environment.Remove("LC_MESSAGES");
            start.Environment["LANG"] = locale;
        };
}
