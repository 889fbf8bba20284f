using LatentSync.FrontEnd.Words;
using LatentSync.Page.Security;
using LatentSync.Page.Words;
using LatentSync.Server.Jobs;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace LatentSync.Page.Views;

/// <summary>A view or a part of one: what it does ends when it is left, and what the server refuses is told as a sentence.</summary>
public abstract class PageView : ComponentBase, IDisposable
{
    private CancellationTokenSource _leaving = new();

    /// <summary>Makes the view.</summary>
    protected PageView() => Left = _leaving.Token;

    [Inject]
    internal PageUser User { get; set; } = null!;

    /// <summary>Cancelled when nobody looks any more.</summary>
    protected CancellationToken Left { get; private set; }

    /// <summary>Why the last action failed; null if it has not.</summary>
    protected string? Error { get; set; }

    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what is done in the view.</summary>
    protected virtual void Dispose(bool isDisposing)
    {
        if (isDisposing)
        {
            _leaving.Cancel();
            _leaving.Dispose();
        }
    }

    /// <summary>Ends what is done here: the view begins anew with something else.</summary>
    protected async Task BeginAnewAsync()
    {
        await _leaving.CancelAsync();
        _leaving.Dispose();
        _leaving = new CancellationTokenSource();
        Left = _leaving.Token;
        Error = null;
    }

    /// <summary>Does something for the visitor.</summary>
    protected async Task TryAsync(Func<Task> run)
    {
        var left = Left;
        try
        {
            Error = null;
            await run();
        }
        catch (RequestException error)
        {
            Error = ErrorWords.Of(error);
            StateHasChanged();
        }
        catch (LipSyncException error)
        {
            Error = CommandWords.Say(error);
            StateHasChanged();
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone.
        }
    }
}
