namespace LatentSync.Server.Data.Writing;

/// <summary>A change with an outcome for the one who asked for it.</summary>
internal sealed class DatabaseChange<T>(Func<ServerDatabase, Task<T>> apply) : DatabaseChange
{
    private readonly TaskCompletionSource<T> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _outcome;

    /// <summary>Completed when the change is on the disk.</summary>
    public Task<T> Outcome => _written.Task;

    public override async Task ApplyAsync(ServerDatabase database) => _outcome = await apply(database);

    public override void Complete() => _written.TrySetResult(_outcome!);

    public override void Fail(Exception error) => _written.TrySetException(error);
}
