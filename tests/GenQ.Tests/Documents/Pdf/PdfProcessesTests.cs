using GenQ.Data;
using GenQ.Documents;

namespace GenQ.Tests.Documents;

public sealed class PdfProcessesTests
{
    private static readonly PdfLimits Limits = new(2, 512 << 20, 512 << 20, 0, TimeSpan.FromMinutes(1), TimeSpan.Zero);

    private static readonly byte[] Good = TinyPdf.Of(TinyPdf.Line(50, 700, "Oil the pump."));

    // A tree of names that is its own branch.
    private static readonly byte[] Overflowing =
        TinyPdf.Of(TinyPdf.Line(50, 700, "Oil the pump."), catalog: "/Names<</Dests 10 0 R>>", more: (10, "<</Kids[10 0 R]>>"));

    // Forty forms, each of which draws the next one twice.
    private static readonly byte[] Endless = TinyPdf.Of("/X Do", resources: "/XObject<</X 10 0 R>>", more:
    [
        .. Enumerable.Range(10, 40).Select(i => (i, TinyPdf.Stream("/X Do /X Do", $"{Form}/Resources<</XObject<</X {i + 1} 0 R>>>>"))),
        (50, TinyPdf.Stream("", Form)),
    ]);

    private const string Form = "/Type/XObject/Subtype/Form/BBox[0 0 9 9]";

    [Fact]
    public async Task A_file_that_overflows_the_stack_is_told_and_the_next_one_is_read()
    {
        using PdfProcesses processes = new(Limits with { Processes = 1 }, PdfProcesses.FindDotnet());
        for (int i = 0; i < 2; i++)
        {
            Assert.Contains("refers to itself", await ReasonAsync(processes, Overflowing));
            Assert.Equal("Oil the pump.", (await ReadAsync(processes, Good)).Text);
        }
    }

    [Fact]
    public async Task A_file_that_takes_too_much_processor_time_is_told_and_the_next_one_is_read()
    {
        using PdfProcesses processes = new(Limits with { ProcessorTime = TimeSpan.FromSeconds(2) }, PdfProcesses.FindDotnet());
        Assert.Contains("more than 2 s of processor time", await ReasonAsync(processes, Endless));
        Assert.Equal("Oil the pump.", (await ReadAsync(processes, Good)).Text);
    }

    [Fact]
    public async Task A_small_file_may_take_less_memory_than_a_large_one()
    {
        PdfLimits narrow = Limits with { Memory = 1 << 20, MemoryPerByte = 30 };
        Assert.Equal(61 << 20, narrow.MemoryFor(2 << 20));
        using PdfProcesses processes = new(narrow, PdfProcesses.FindDotnet());
        Assert.Contains("more than 1 MB of memory", await ReasonAsync(processes, Endless));
    }

    [Fact]
    public void A_larger_file_may_take_longer() =>
        Assert.Equal(TimeSpan.FromSeconds(25), (Limits with { ProcessorTime = TimeSpan.FromSeconds(5), ProcessorTimePerMegabyte = TimeSpan.FromSeconds(10) }).TimeFor(2 << 20));

    [Fact]
    public async Task A_file_that_takes_too_much_memory_is_told_and_the_next_one_is_read()
    {
        using PdfProcesses processes = new(Limits with { HeapBytes = 64 << 20 }, PdfProcesses.FindDotnet());
        Assert.Contains("more than 64 MB of memory", await ReasonAsync(processes, new byte[100 << 20]));
        // It would end this process if it was read here.
        Assert.Contains("refers to itself", await ReasonAsync(processes, Overflowing));
        Assert.Equal("Oil the pump.", (await ReadAsync(processes, Good)).Text);
    }

    [Fact]
    public async Task A_cancelled_reading_ends_in_the_midst_of_a_file()
    {
        using PdfProcesses processes = new(Limits, PdfProcesses.FindDotnet());
        using CancellationTokenSource cancel = new(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => processes.ReadAsync(Endless, "a.pdf", cancel.Token));
        Assert.Equal("Oil the pump.", (await ReadAsync(processes, Good)).Text);
    }

    [Fact]
    public async Task Without_a_dotnet_command_files_are_read_in_this_process()
    {
        using PdfProcesses processes = new(Limits, dotnet: null);
        Assert.Equal("Oil the pump.", (await ReadAsync(processes, Good)).Text);
    }

    [Fact]
    public async Task Where_the_command_cannot_be_started_files_are_read_in_this_process()
    {
        using PdfProcesses processes = new(Limits, typeof(PdfProcesses).Assembly.Location);
        Assert.Equal("Oil the pump.", (await ReadAsync(processes, Good)).Text);
    }

    [Fact]
    public async Task Where_the_process_ends_before_it_has_started_files_are_read_in_this_process()
    {
        Assert.SkipUnless(File.Exists("/bin/false"), "There is no command that fails at once.");
        using PdfProcesses processes = new(Limits, "/bin/false");
        Assert.Equal("Oil the pump.", (await ReadAsync(processes, Good)).Text);
        Assert.Equal("Oil the pump.", (await ReadAsync(processes, Good)).Text);
    }

    [Fact]
    public async Task Files_that_are_read_at_once_get_their_own_answers()
    {
        using PdfProcesses processes = new(Limits, PdfProcesses.FindDotnet());
        await Parallel.ForEachAsync(Enumerable.Range(0, 24), new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (i, _) =>
        {
            if (i % 5 == 4) Assert.Contains("refers to itself", await ReasonAsync(processes, Overflowing));
            else Assert.Equal($"Pump {i}.", (await ReadAsync(processes, TinyPdf.Of(TinyPdf.Line(50, 700, $"Pump {i}.")))).Text);
        });
    }

    [Fact]
    public async Task A_reason_that_the_process_finds_is_the_callers()
    {
        using PdfProcesses processes = new(Limits, PdfProcesses.FindDotnet());
        Assert.Contains("OCR", await ReasonAsync(processes, TinyPdf.Of("")));
        Assert.Contains("broken", await ReasonAsync(processes, "no PDF"u8.ToArray()));
    }

    private static Task<Document> ReadAsync(PdfProcesses processes, byte[] file) =>
        processes.ReadAsync(file, "a.pdf", TestContext.Current.CancellationToken);

    private static async Task<string> ReasonAsync(PdfProcesses processes, byte[] file) =>
        (await Assert.ThrowsAsync<GenQException>(() => ReadAsync(processes, file))).Message;
}
