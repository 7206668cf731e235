using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using GenQ.Data;

namespace GenQ.PdfWorker;

/// <summary>The process that reads PDFs: requests come in by standard input, answers go out by standard output.</summary>
internal static class Program
{
    // Twice a main thread's: an outline or a page may be nested deeply without being broken.
    private const int StackBytes = 16 << 20;

    private static void Main()
    {
        using Stream requests = new BufferedStream(Console.OpenStandardInput()), answers = Console.OpenStandardOutput();
        // What a library prints must not stand among the answers.
        Console.SetOut(TextWriter.Null);

        // Ctrl-C reaches every process of a terminal; the caller decides what becomes of this one.
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        answers.WriteByte(PdfMessages.Ready);
        answers.Flush();

        using BlockingCollection<(string Source, byte[] File)> waiting = [];
        Thread reading = new(() => Answer(waiting, answers), StackBytes) { IsBackground = true };
        reading.Start();
        try
        {
            // This thread goes on listening while a file is read: the caller's end is noticed in the midst of it.
            while (true) waiting.Add(PdfMessages.ReadRequest(requests));
        }
        catch (EndOfStreamException)
        {
            Environment.Exit(0);
        }
    }

    private static void Answer(BlockingCollection<(string Source, byte[] File)> waiting, Stream answers)
    {
        foreach ((string source, byte[] file) in waiting.GetConsumingEnumerable())
        {
            Document? document = null;
            string reason = "";
            try
            {
                document = PdfFile.Read(file, source, CancellationToken.None);
            }
            catch (GenQException e)
            {
                reason = e.Message;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                reason = $"The PDF cannot be read: {e.GetType().Name}: {e.Message}";
            }

            PdfMessages.WriteAnswer(answers, document, reason);
        }
    }
}
