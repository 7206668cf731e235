using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using GenQ.Data;
using GenQ.Documents;

namespace GenQ.Tests.Documents;

public sealed class DocumentLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sources_are_sorted_paths_below_the_folder_and_the_same_in_every_run()
    {
        foreach (string name in (string[])["b.txt", "a/z.md", "a/B.html", "a.txt", "c/d/e.text"]) Write(name, $"Words of {name}");
        string[] expected = ["a.txt", "a/B.html", "a/z.md", "b.txt", "c/d/e.text"];
        for (int run = 0; run < 3; run++)
        {
            List<LoadedFile> files = await LoadAsync(new DocumentLoaderOptions { Parallelism = run + 1 }, _folder.Path);
            Assert.Equal(expected, files.Select(f => f.Source));
            Assert.Equal(expected, files.Select(f => Assert.Single(f.Documents).Id));
        }
    }

    [Fact]
    public async Task A_pattern_finds_a_folder_by_its_own_name_also_where_links_lead_to_it_from_others()
    {
        Write("real/a.txt", "Words.");
        for (int i = 0; i < 8; i++)
        {
            Directory.CreateDirectory(_folder[$"other{i}"]);
            Directory.CreateSymbolicLink(_folder[$"other{i}", "link"], _folder["real"]);
        }

        Assert.Equal("real/a.txt", Assert.Single(await LoadAsync(null, _folder["r*", "*.txt"])).Source);
        Assert.Equal("other3/link/a.txt", Assert.Single(await LoadAsync(null, _folder["other3*", "*", "*.txt"])).Source);
    }

    [Fact]
    public async Task What_cannot_be_read_is_skipped_with_its_reason()
    {
        Write("good.txt", "Words.");
        Write("empty.txt", "");
        Write("data.xyz", "1 2 3");
        Write("README", "No ending.");
        Write("project.xml", "<project/>");
        Write("broken.pdf", "%PDF-1.7 nothing");
        File.WriteAllBytes(_folder["zeros.txt"], new byte[100]);
        File.WriteAllBytes(_folder["half.txt.gz"], Gzip("Some words that are cut off in the middle of it all")[..25]);
        Dictionary<string, string?> reasons = (await LoadAsync(null, _folder.Path)).ToDictionary(f => f.Source, f => f.Skipped?.Reason);
        Assert.Null(reasons["good.txt"]);
        Assert.Contains("no text", reasons["empty.txt"], StringComparison.Ordinal);
        Assert.Contains("no reader for .xyz", reasons["data.xyz"], StringComparison.Ordinal);
        Assert.Contains("without an extension", reasons["README"], StringComparison.Ordinal);
        Assert.Contains("<project>", reasons["project.xml"], StringComparison.Ordinal);
        Assert.Contains("broken", reasons["broken.pdf"], StringComparison.Ordinal);
        Assert.Contains("binary", reasons["zeros.txt"], StringComparison.Ordinal);
        Assert.Contains("cut off", reasons["half.txt.gz"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_file_is_skipped_before_and_after_decompression()
    {
        Write("small.txt", "Words.");
        Write("large.txt", new string('x', 3 << 20));
        File.WriteAllBytes(_folder["bomb.txt.gz"], Gzip(new string('x', 3 << 20)));
        List<LoadedFile> files = await LoadAsync(new DocumentLoaderOptions { MaxFileBytes = 1 << 20 }, _folder.Path);
        Assert.Equal(["bomb.txt.gz", "large.txt"], files.Where(f => f.Skipped is not null).Select(f => f.Source));
        Assert.All(files[..2], f => Assert.Contains("more than 1 MB", f.Skipped!.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_compressed_file_is_read_through()
    {
        File.WriteAllBytes(_folder["page.html.gz"], Gzip("<h1>Title</h1>"));
        Assert.Equal("Title", Assert.Single(Assert.Single(await LoadAsync(null, _folder.Path)).Documents).Text);
    }

    [Fact]
    public async Task Hidden_names_are_left_out_unless_they_are_named()
    {
        Write("seen.txt", "Words.");
        Write(".hidden.txt", "Words.");
        Write(".git/config.txt", "Words.");
        Assert.Equal(["seen.txt"], (await LoadAsync(null, _folder.Path)).Select(f => f.Source));
        Assert.Equal([".hidden.txt"], (await LoadAsync(null, _folder[".hidden.txt"])).Select(f => f.Source));
    }

    [Fact]
    public async Task Runs_and_models_below_the_documents_are_no_documents_unless_they_are_named()
    {
        Write("docs/seen.txt", "Words.");
        Write("docs/run/genq.json", "{}");
        Write("docs/run/model/vocab.txt", "[PAD]");
        Write("docs/mpnet/config.json", "{}");
        Write("docs/mpnet/model.safetensors", "");
        Write("docs/mpnet/vocab.txt", "[PAD]");
        Dictionary<string, string?> reasons = (await LoadAsync(null, _folder["docs"])).ToDictionary(f => f.Source, f => f.Skipped?.Reason);
        Assert.Equal(["mpnet", "run", "seen.txt"], reasons.Keys.Order());
        Assert.Contains("a model, not documents", reasons["mpnet"], StringComparison.Ordinal);
        Assert.Contains("a run of GenQ, not documents", reasons["run"], StringComparison.Ordinal);
        Assert.Contains("vocab.txt", (await LoadAsync(null, _folder["docs", "mpnet"])).Select(f => f.Source));
    }

    [Fact]
    public async Task Links_that_go_round_end_and_a_file_is_read_once()
    {
        Write("a/text.txt", "Words.");
        Directory.CreateSymbolicLink(_folder["a", "loop"], _folder.Path);
        Directory.CreateSymbolicLink(_folder["b"], _folder["a"]);
        File.CreateSymbolicLink(_folder["z.txt"], _folder["a", "text.txt"]);
        File.CreateSymbolicLink(_folder["nowhere.txt"], _folder["missing.txt"]);
        List<LoadedFile> files = await LoadAsync(null, _folder.Path, _folder["a", "text.txt"]);
        Assert.Single(files, f => f.Documents.Count > 0);
        Assert.Contains(files, f => f.Source == "nowhere.txt" && f.Skipped is not null);
    }

    [Fact]
    public async Task Several_inputs_are_named_below_their_common_folder()
    {
        Write("one/same.txt", "Words of one.");
        Write("two/same.txt", "Words of two.");
        Assert.Equal(["one/same.txt", "two/same.txt"], (await LoadAsync(null, _folder["two"], _folder["one"])).Select(f => f.Source));
    }

    [Theory]
    [InlineData("*.txt", "a.txt")]
    [InlineData("**/*.txt", "a.txt|d/b.txt|d/e/c.txt|d/e/long.txt")]
    [InlineData("d/*/?.txt", "e/c.txt")]
    [InlineData("d/**/c.*", "e/c.txt")]
    [InlineData("a.{txt,md}", "a.md|a.txt")]
    [InlineData("{a.md,d/e}", "a.md|d/e/c.txt|d/e/long.txt")]
    [InlineData("{d,d/{e,x}}/*.txt", "b.txt|e/c.txt|e/long.txt")]
    [InlineData("d/[a-c].txt", "b.txt")]
    [InlineData("d/e/[!c]*.[st]xt", "long.txt")]
    [InlineData("**/[bc].{txt,md}", "d/b.txt|d/e/c.txt")]
    public async Task Patterns_name_files(string pattern, string expected)
    {
        foreach (string name in (string[])["a.txt", "a.md", "d/b.txt", "d/e/c.txt", "d/e/long.txt"]) Write(name, name);
        List<LoadedFile> files = await LoadAsync(null, _folder[pattern]);
        Assert.Equal(expected, string.Join('|', files.Select(f => f.Source)));
    }

    [Fact]
    public async Task A_name_that_holds_the_signs_of_patterns_is_taken_as_it_is()
    {
        foreach (string name in (string[])["n [old]/a.txt", "star*.txt", "{x,y}.txt", "[z].txt", "z.txt", "{q}.txt"]) Write(name, name);
        Assert.Equal(["a.txt"], (await LoadAsync(null, _folder["n [old]", "*.txt"])).Select(f => f.Source));
        foreach (string name in (string[])["star*.txt", "{x,y}.txt", "[z].txt", "{q}.txt"])
            Assert.Equal([name], (await LoadAsync(null, _folder[name])).Select(f => f.Source));
    }

    [Fact]
    public async Task A_name_that_is_no_UTF_8_is_read_and_shown_escaped()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere names are Unicode.");
        Write("good.txt", "Words.");
        Shell("""printf One > "$(printf 'gr\374n.txt')"; printf Two > "$(printf 'gr\366n.txt')"; mkdir "$(printf 'o\374')"; printf Three > "$(printf 'o\374')/é😀.txt" """);
        Shell("""cd "$(printf 'o\374')"; mkfifo "$(printf 'p\377.txt')"; ln -s .. "$(printf 'up\200')"; ln -s "$(printf '../gr\374n.txt')" again.txt; mkdir run; touch run/genq.json run/a.txt""");
        List<LoadedFile> files = await LoadAsync(null, _folder.Path);
        Assert.Equal(
            [@"good.txt Words.", @"gr\xf6n.txt Two", @"gr\xfcn.txt One", @"o\xfc/é😀.txt Three"],
            files.Where(file => file.Skipped is null).Select(file => $"{file.Source} {file.Documents.Single().Text.Trim()}"));
        Assert.Equal(
            [@"o\xfc/p\xff.txt It is a pipe, not a file.", @"o\xfc/run The folder is a run of GenQ, not documents: name it to have it read."],
            files.Where(file => file.Skipped is not null).Select(file => $"{file.Source} {file.Skipped!.Reason}"));
        Assert.Equal([@"gr\xfcn.txt"], (await LoadAsync(null, _folder["gr?n.txt"])).Select(file => file.Source).Where(source => source.Contains("xfc", StringComparison.Ordinal)));
        Assert.Contains("not UTF-8", await FailureAsync(_folder["gr\uFFFDn.txt"]), StringComparison.Ordinal);

        // .NET could not delete them either.
        Shell("rm -r ./*");
    }

    [Fact]
    public async Task Pipes_and_devices_are_skipped_and_nobody_waits_for_them()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps them outside its folders.");
        Write("good.txt", "Words.");
        Shell("mkfifo pipe.txt pipe.md.gz; ln -s /dev/zero zero.txt; ln -s pipe.txt link.txt");
        Dictionary<string, string?> reasons = (await LoadAsync(null, _folder.Path)).ToDictionary(f => f.Source, f => f.Skipped?.Reason);
        Assert.Null(reasons["good.txt"]);
        Assert.Equal("It is a pipe, not a file.", reasons["link.txt"]);
        Assert.Equal("It is a pipe, not a file.", reasons["pipe.md.gz"]);
        Assert.Equal("It is a device, not a file.", reasons["zero.txt"]);
        Assert.Contains("It is a pipe", await FailureAsync(_folder["pipe.txt"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blank_behind_the_ending_does_not_count()
    {
        Write("trailing.txt ", "Words.");
        Assert.Null(Assert.Single(await LoadAsync(null, _folder.Path)).Skipped);
    }

    [Fact]
    public async Task Inputs_that_name_nothing_are_clear_failures()
    {
        Assert.Contains("no file in", await FailureAsync(_folder.Path), StringComparison.Ordinal);
        Assert.Contains("neither a file nor a folder", await FailureAsync(_folder["missing"]), StringComparison.Ordinal);
        Assert.Contains("No file matches", await FailureAsync(_folder["*.pdf"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_readable_file_fails_after_its_reasons_were_told()
    {
        Write("a.xyz", "x");
        List<LoadedFile> files = [];
        GenQException e = await Assert.ThrowsAsync<GenQException>(async () =>
        {
            CancellationToken token = TestContext.Current.CancellationToken;
            await foreach (LoadedFile file in new DocumentLoader().LoadAsync([_folder.Path], token)) files.Add(file);
        });
        Assert.Equal("a.xyz", Assert.Single(files).Source);
        Assert.Contains("None of the 1 files", e.Message, StringComparison.Ordinal);
        Assert.Contains("no reader for .xyz", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_trips_ends_nothing_and_cancellation_ends_all()
    {
        Write("a.txt", "x");
        Write("b.md", "Words.");
        using CancellationTokenSource cancel = new();
        DocumentLoader loader = new([new TrippingReader(), new MarkdownReader()]);
        List<LoadedFile> files = await loader.LoadAsync([_folder.Path], cancel.Token).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Contains("DivideByZero", files[0].Skipped!.Reason, StringComparison.Ordinal);
        Assert.Null(files[1].Skipped);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await loader.LoadAsync([_folder.Path], cancel.Token).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_file_that_was_read_in_part_gives_its_documents_and_what_is_missing()
    {
        Write("a.txt", "x");
        LoadedFile file = Assert.Single(await new DocumentLoader([new HalfReader()]).LoadAsync([_folder.Path], TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken));
        Assert.Single(file.Documents);
        Assert.Equal("The other half is broken.", file.Skipped!.Reason);
    }

    private static async Task<List<LoadedFile>> LoadAsync(DocumentLoaderOptions? options, params string[] inputs) =>
        await new DocumentLoader(options).LoadAsync(inputs, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

    private static async Task<string> FailureAsync(string input) =>
        (await Assert.ThrowsAsync<GenQException>(() => LoadAsync(null, input))).Message;

    private void Shell(string commands)
    {
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", commands]) { WorkingDirectory = _folder.Path })!;
        shell.WaitForExit();
    }

    private static byte[] Gzip(string text)
    {
        using MemoryStream bytes = new();
        using (GZipStream gzip = new(bytes, CompressionLevel.Fastest))
        using (StreamWriter writer = new(gzip)) writer.Write(text);
        return bytes.ToArray();
    }

    private void Write(string name, string text)
    {
        string path = _folder[name.Split('/')];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private sealed class TrippingReader : IDocumentReader
    {
        public IReadOnlyCollection<string> Extensions => [".txt"];

        public IAsyncEnumerable<Document> ReadAsync(Stream stream, string source, CancellationToken cancellationToken) =>
            throw new DivideByZeroException();
    }

    private sealed class HalfReader : IDocumentReader
    {
        public IReadOnlyCollection<string> Extensions => [".txt"];

        public async IAsyncEnumerable<Document> ReadAsync(
            Stream stream, string source, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            yield return new Document(source, "Half of it.", null, source) { Unread = "The other half is broken." };
        }
    }

    [Fact]
    public async Task A_name_with_a_line_break_is_read_and_written_in_one_line()
    {
        if (OperatingSystem.IsWindows()) return;
        Write("a\nb.txt", "Words.");
        Write("a\\nb.txt", "Other words.");
        Write("tab\there\u0007.txt", "More words.");
        List<LoadedFile> files = await LoadAsync(null, _folder.Path);
        Assert.Equal([@"a\\nb.txt", @"a\nb.txt", @"tab\there\u0007.txt"], files.Select(file => file.Source));
        Assert.Equal(files.Select(file => file.Source), files.Select(file => Assert.Single(file.Documents).Id));
    }

    [Fact]
    public async Task A_text_too_large_to_be_held_is_skipped()
    {
        Write("large.txt", new string('a', InputLimits.DocumentCharacters + 1));
        Write("small.txt", "Words.");
        List<LoadedFile> files = await LoadAsync(null, _folder.Path);
        Assert.Contains("more than 33,554,432 characters", files[0].Skipped!.Reason, StringComparison.Ordinal);
        Assert.Single(files[1].Documents);
    }
}
