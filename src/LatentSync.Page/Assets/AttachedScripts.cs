using Microsoft.JSInterop;

namespace LatentSync.Page.Assets;

/// <summary>Scripts that were attached to an element.</summary>
internal static class AttachedScripts
{
    /// <summary>Takes a script off its element; where the browser has gone, it has taken it along.</summary>
    public static async ValueTask DetachAsync(this IJSObjectReference? script)
    {
        if (script is null)
        {
            return;
        }

        try
        {
            await script.InvokeVoidAsync("dispose");
            await script.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // Nobody is there any more.
        }
    }
}
