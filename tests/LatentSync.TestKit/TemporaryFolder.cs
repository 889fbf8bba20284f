namespace LatentSync.TestKit;

/// <summary>
/// A folder that goes away with the test. Its name has a space, quotes and letters outside ASCII on purpose, so that
/// every test that touches files also tests such paths.
/// </summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"latent sync 'tést' 唇 {Guid.NewGuid():N}");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
