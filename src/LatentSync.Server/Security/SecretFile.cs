namespace LatentSync.Server.Security;

/// <summary>A secret that is made at the first start and kept in the data folder, readable by this user only.</summary>
internal static class SecretFile
{
    /// <summary>The secret of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="create">Makes one, if the file is not there or a crash left it empty.</param>
    public static string ReadOrCreate(string path, Func<string> create)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            // Readers see a whole secret or none.
            var partial = path + ".part";
            File.Delete(partial);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var file = new StreamWriter(partial, options))
            {
                file.Write(create());
            }

            File.Move(partial, path, overwrite: true);
        }

        return File.ReadAllText(path).Trim();
    }
}
