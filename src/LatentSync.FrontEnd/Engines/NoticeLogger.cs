using LatentSync.FrontEnd.Words;
using Microsoft.Extensions.Logging;

namespace LatentSync.FrontEnd.Engines;

/// <summary>Hands what an engine logs to the user, sentence by sentence.</summary>
internal sealed class NoticeLogger(Action<string> notice) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            notice(state is FormattableString sentence ? CommandWords.Say(sentence) : formatter(state, exception));
        }
    }
}
