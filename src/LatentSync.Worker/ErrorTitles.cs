namespace LatentSync.Worker;

/// <summary>
/// A few words for each kind of error in the language of the user. The sentence that follows them names files and numbers
/// and is English, as in logs; hosts translate it.
/// </summary>
internal static class ErrorTitles
{
    private const string Chinese = "zh";

    private static readonly Dictionary<LipSyncErrorCode, (string English, string Chinese)> Titles = new()
    {
        [LipSyncErrorCode.Internal] = ("The engine has a fault", "引擎内部错误"),
        [LipSyncErrorCode.InvalidOptions] = ("These settings do not work", "参数设置有误"),
        [LipSyncErrorCode.InvalidInput] = ("The input cannot be used", "输入无法使用"),
        [LipSyncErrorCode.NoFace] = ("No usable face", "没有找到可用的人脸"),
        [LipSyncErrorCode.InvalidModel] = ("The model cannot be used", "模型无法使用"),
        [LipSyncErrorCode.OutputFailed] = ("The result cannot be written", "结果无法写入"),
        [LipSyncErrorCode.MissingDependency] = ("Something is not installed", "缺少必要的组件"),
        [LipSyncErrorCode.MediaToolFailed] = ("ffmpeg failed", "ffmpeg 运行失败"),
        [LipSyncErrorCode.InferenceFailed] = ("A network failed", "模型推理失败"),
        [LipSyncErrorCode.DownloadFailed] = ("The download failed", "下载失败"),
        [LipSyncErrorCode.DeviceUnavailable] = ("The graphics card cannot be used", "显卡无法使用"),
    };

    /// <summary>The words for a kind of error.</summary>
    /// <param name="code">The kind.</param>
    /// <param name="language">Such as <c>en</c> or <c>zh-CN</c>; English for all that is not Chinese.</param>
    public static string Of(LipSyncErrorCode code, string? language) =>
        language?.StartsWith(Chinese, StringComparison.OrdinalIgnoreCase) == true ? Titles[code].Chinese : Titles[code].English;
}
