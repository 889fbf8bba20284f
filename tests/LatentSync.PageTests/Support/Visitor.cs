using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace LatentSync.PageTests.Support;

/// <summary>Somebody who looks at the page; what their browser complains about, and whom it asks, is remembered.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    /// <summary>How long anything on the page may take to appear.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly AxeRunOptions Rules = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
    };

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = [];
    private readonly ConcurrentQueue<string> _strangers = [];

    private Visitor(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    /// <summary>What they see.</summary>
    public IPage Page { get; }

    /// <summary>Their cookies.</summary>
    public IBrowserContext Context => _context;

    public static async Task<Visitor> StartAsync(IBrowserContext context, Uri server)
    {
        context.SetDefaultTimeout((float)Limit.TotalMilliseconds);
        var visitor = new Visitor(context, await context.NewPageAsync());
        visitor.Page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                visitor._complaints.Enqueue(message.Text);
            }
        };
        visitor.Page.PageError += (_, error) => visitor._complaints.Enqueue(error);
        context.Request += (_, request) =>
        {
            var address = new Uri(request.Url);
            if (address.Scheme is not ("data" or "blob") && address.Authority != server.Authority)
            {
                visitor._strangers.Enqueue(request.Url);
            }
        };
        return visitor;
    }

    /// <summary>Opens a view and waits until it answers.</summary>
    public async Task OpenAsync(string path)
    {
        await Page.GotoAsync(path);
        await ReadyAsync();
    }

    /// <summary>Waits until the circuit is there: what is clicked before is lost.</summary>
    public Task ReadyAsync() => Page.WaitForFunctionAsync("() => document.documentElement.dataset.ready === 'true'");

    /// <summary>No violation of WCAG 2.2 AA in what is shown now.</summary>
    public async Task AssertAccessibleAsync()
    {
        var found = await Page.RunAxe(Rules);
        Assert.True(
            found.Violations.Length == 0,
            string.Join(
                '\n',
                found.Violations.Select(violation => $"{violation.Id}: {violation.Help}\n  {string.Join("\n  ", violation.Nodes.Select(node => node.Html))}")
            )
        );
    }

    /// <summary>The browser had nothing to complain about, and asked nobody but the server.</summary>
    /// <param name="allowed">Parts of complaints that belong to the test.</param>
    public void AssertQuiet(params string[] allowed)
    {
        Assert.Empty(_strangers);
        Assert.DoesNotContain(_complaints, complaint => !allowed.Any(part => complaint.Contains(part, StringComparison.Ordinal)));
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
