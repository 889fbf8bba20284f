using LatentSync.Server.Data;

namespace LatentSync.Server.Media;

/// <summary>The local files of one piece of work: what the engine reads and where it writes.</summary>
internal sealed class WorkFiles : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Task _sending = Task.CompletedTask;
    private bool _isChanged;

    public required Job Job { get; init; }

    public required string Video { get; init; }

    public required string Audio { get; init; }

    /// <summary>The picture of the person whose mouth is painted; null where nobody is named so.</summary>
    public string? Picture { get; init; }

    public required string Analysis { get; init; }

    public required string Output { get; init; }

    public required string Preview { get; init; }

    /// <summary>Where a segment is, by its number.</summary>
    public required Func<int, string> Segment { get; init; }

    /// <summary>Where the picture of a face is, by its number.</summary>
    public required Func<int, string> Face { get; init; }

    /// <summary>Brings the preview to where clients see it; null if it is there.</summary>
    public Func<Task>? SendPreview { get; init; }

    /// <summary>Ends the use of copies and deletes what was only for this work; null if nothing is.</summary>
    public Action? Release { get; init; }

    /// <summary>There is another preview. While one is on its way only the newest follows.</summary>
    public void PreviewChanged()
    {
        if (SendPreview is null)
        {
            return;
        }

        lock (_gate)
        {
            _isChanged = true;
            if (_sending.IsCompleted)
            {
                _sending = Task.Run(SendAsync);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sending;
        Release?.Invoke();
    }

    private async Task SendAsync()
    {
        while (true)
        {
            lock (_gate)
            {
                if (!_isChanged)
                {
                    return;
                }

                _isChanged = false;
            }

            await SendPreview!();
        }
    }
}
