namespace LatentSync.Server.Settings;

/// <summary>Where several processes keep their files: a folder that all of them see, or S3-compatible storage.</summary>
internal sealed class StoreSettings
{
    /// <summary>The shared folder.</summary>
    public string? Folder { get; set; }

    /// <summary>The address of the storage, such as <c>http://127.0.0.1:9000</c>.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The bucket, which exists.</summary>
    public string? Bucket { get; set; }

    /// <summary>What all names begin with, such as <c>lips/</c>.</summary>
    public string Prefix { get; set; } = string.Empty;

    public string Region { get; set; } = "us-east-1";

    public string? AccessKey { get; set; }

    /// <summary>A secret: from the environment or a file.</summary>
    public string? SecretKey { get; set; }

    /// <summary>Whether the bucket is a part of the path, as most storage other than Amazon's wants it.</summary>
    public bool PathStyle { get; set; } = true;

    /// <summary>Whether files are elsewhere than in the data folder.</summary>
    public bool IsShared => Folder is not null || Bucket is not null;
}
