using System.Text.Json;
using GenQ.Data;

namespace GenQ.Generation;

/// <summary>Writes down what the language model of a run was asked in all, over all its interruptions: writer.json.</summary>
internal static class WriterUsage
{
    /// <summary>Adds what a writer has counted to what is written down. Done as it works, so that a kill forgets next to nothing of what was paid.</summary>
    public static void Add(RunFolder run, ChatQueryWriter writer)
    {
        ChatUsage own = writer.TakeUsage();
        if (own == new ChatUsage()) return;
        ChatUsage sum = Read(run) + own;
        AtomicFile.WriteText(run.Writer, file => file.WriteLine(JsonSerializer.Serialize(sum, IndentedJson.Options)));
    }

    /// <summary>What is written down; nothing where that is not there or damaged, since it is told and decides nothing.</summary>
    public static ChatUsage Read(RunFolder run)
    {
        try
        {
            return File.Exists(run.Writer) ? JsonSerializer.Deserialize<ChatUsage>(File.ReadAllText(run.Writer), IndentedJson.Options) ?? new ChatUsage() : new ChatUsage();
        }
        catch (JsonException)
        {
            return new ChatUsage();
        }
    }
}
