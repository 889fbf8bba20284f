namespace LatentSync;

/// <summary>What kind of thing went wrong. The command line uses the number as its exit code.</summary>
public enum LipSyncErrorCode
{
    /// <summary>A fault of this program; please report it.</summary>
    Internal = 1,

    /// <summary>Options are out of range or contradict each other.</summary>
    InvalidOptions = 2,

    /// <summary>An input file is missing, unreadable, damaged, or not what it should be.</summary>
    InvalidInput = 3,

    /// <summary>No usable face was found where one is required: with <see cref="LipSyncOptions.Strict"/>, or to measure.</summary>
    NoFace = 4,

    /// <summary>A checkpoint or model folder is missing, damaged, hostile, or does not fit its configuration.</summary>
    InvalidModel = 5,

    /// <summary>The result could not be written: no space, no permission, or it exists already.</summary>
    OutputFailed = 6,

    /// <summary>A needed program or library is not installed.</summary>
    MissingDependency = 7,

    /// <summary>ffmpeg or ffprobe failed or was killed.</summary>
    MediaToolFailed = 8,

    /// <summary>A network produced NaN or infinite values, or ONNX Runtime failed.</summary>
    InferenceFailed = 9,

    /// <summary>A download failed: no network, the server refused, or it sent something else.</summary>
    DownloadFailed = 10,

    /// <summary>The GPU asked for is not there, or its driver is missing or too old.</summary>
    DeviceUnavailable = 11,
}
