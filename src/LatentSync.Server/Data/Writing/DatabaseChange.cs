namespace LatentSync.Server.Data.Writing;

/// <summary>A change that waits to be written.</summary>
internal abstract class DatabaseChange
{
    /// <summary>Reads and changes entities; may run again.</summary>
    public abstract Task ApplyAsync(ServerDatabase database);

    /// <summary>It is on the disk.</summary>
    public abstract void Complete();

    /// <summary>It was not written.</summary>
    public abstract void Fail(Exception error);
}
