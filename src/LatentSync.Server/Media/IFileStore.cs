namespace LatentSync.Server.Media;

/// <summary>Files that several processes share, by names such as <c>jobs/ID/result.mp4</c>. A file is there whole or not at all.</summary>
internal interface IFileStore
{
    /// <summary>Puts a local file into the store.</summary>
    Task PutAsync(string name, string path, CancellationToken cancellationToken);

    /// <summary>A file; null if there is none.</summary>
    Task<StoredFile?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>The bytes of a file from one of them to its end.</summary>
    Task<Stream> OpenAsync(string name, long offset, CancellationToken cancellationToken);

    /// <summary>Deletes all files whose names begin so; none is no error.</summary>
    Task DeleteAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>What stands between a prefix and the next slash of the names that begin with it.</summary>
    IAsyncEnumerable<string> FoldersAsync(string prefix, CancellationToken cancellationToken);
}
