using GenQ.Data;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace GenQ.Web;

/// <summary>Writes the log in lines that hold nothing a terminal would obey: what a client sends may stand in them.</summary>
internal sealed class PlainLog() : ConsoleFormatter(nameof(PlainLog))
{
    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.WriteLine($"{logEntry.LogLevel}: {PlainLine.Of(logEntry.Formatter(logEntry.State, logEntry.Exception))}");
        if (logEntry.Exception is { } exception)
            foreach (string line in $"{exception}".Split('\n')) textWriter.WriteLine($"  {PlainLine.Of(line)}");
    }
}
