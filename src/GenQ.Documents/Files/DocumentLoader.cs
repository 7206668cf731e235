using System.Runtime.CompilerServices;
using GenQ.Data;

namespace GenQ.Documents;

/// <summary>Reads files, folders and globs with the reader that fits each file's name.</summary>
/// <remarks>
/// Folders are read with everything below them; names that begin with a dot are left out. A name that ends in .gz is read
/// through: "a.txt.gz" as text. The order is that of the sources and the same in every run.
/// </remarks>
public sealed class DocumentLoader
{
    private readonly Dictionary<string, IDocumentReader> _readers = new(StringComparer.OrdinalIgnoreCase);
    private readonly DocumentLoaderOptions _options;

    /// <summary>The readers of text, Markdown, HTML, PDF and .NET XML documentation.</summary>
    public static IReadOnlyList<IDocumentReader> StandardReaders { get; } =
        [new PlainTextReader(), new MarkdownReader(), new HtmlReader(), new PdfReader(), new XmlDocumentationReader()];

    /// <summary>Creates a loader with the <see cref="StandardReaders"/>.</summary>
    public DocumentLoader(DocumentLoaderOptions? options = null)
        : this(StandardReaders, options)
    {
    }

    /// <summary>Creates a loader with readers of your own; where two read the same extension the later one is taken.</summary>
    public DocumentLoader(IEnumerable<IDocumentReader> readers, DocumentLoaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(readers);
        _options = options ?? new DocumentLoaderOptions();
        foreach (IDocumentReader reader in readers)
        {
            foreach (string extension in reader.Extensions) _readers[extension] = reader;
        }
    }

    /// <summary>
    /// Reads every file once. A file that cannot be read is returned with its reason and ends nothing; the exception that
    /// nothing at all was readable comes after the last file.
    /// </summary>
    /// <param name="inputs">Files, folders, and patterns with *, ?, [ab], {a,b} and ** (any number of folders).</param>
    /// <param name="cancellationToken">Ends the reading with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="GenQException">An input names nothing, there is no file, or no file could be read.</exception>
    public IAsyncEnumerable<LoadedFile> LoadAsync(IEnumerable<string> inputs, CancellationToken cancellationToken = default)
        => LoadAsync(inputs, _ => true, cancellationToken);

    /// <summary>As <see cref="LoadAsync(IEnumerable{string}, CancellationToken)"/>, without the files that are no documents.</summary>
    /// <param name="inputs">Files, folders, and patterns.</param>
    /// <param name="isDocument">Says of a path whether it is a document; what is none is as good as absent.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    internal async IAsyncEnumerable<LoadedFile> LoadAsync(
        IEnumerable<string> inputs, Func<string, bool> isDocument, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        string[] names = [.. inputs];
        (string Path, string Source, string? Problem)[] files = [.. DocumentFiles.Find(names, cancellationToken).Where(file => isDocument(file.Path))];
        if (files.Length == 0)
            throw new GenQException($"There is no file in {Quoted(names)}: put documents there ({Formats}) or name another folder.");

        // Whoever stops early leaves no file being read behind.
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Queue<Task<LoadedFile>> reading = new();
        List<SkippedFile> skipped = [];
        try
        {
            for (int next = 0; next < files.Length || reading.Count > 0;)
            {
                while (next < files.Length && reading.Count < _options.Parallelism)
                {
                    (string path, string source, string? problem) = files[next++];
                    reading.Enqueue(problem is null
                        ? Task.Run(() => LoadFileAsync(path, source, stop.Token), stop.Token)
                        : Task.FromResult(Skip(source, problem)));
                }

                LoadedFile file = await reading.Dequeue().ConfigureAwait(false);
                if (file is { Documents.Count: 0, Skipped: { } reason }) skipped.Add(reason);
                yield return file;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(reading).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)
                .ConfigureAwait(false);
        }

        if (skipped.Count == files.Length)
        {
            IEnumerable<string> examples = skipped.Take(3).Select(file => $"\n  {file.Source}: {file.Reason}");
            throw new GenQException(
                $"None of the {files.Length} files in {Quoted(names)} could be read ({Formats} can):{string.Concat(examples)}");
        }
    }

    /// <summary>Whether there is a reader for a file of this name.</summary>
    internal bool CanRead(string path) => _readers.ContainsKey(ExtensionOf(path));

    private string Formats => string.Join(' ', _readers.Keys.Order(StringComparer.Ordinal));

    private static string Quoted(string[] names) =>
        string.Join(", ", names.Take(3).Select(name => $"'{name}'")) + (names.Length > 3 ? ", …" : "");

    private static bool IsCompressed(string path) => Path.GetExtension(path).TrimEnd().Equals(".gz", StringComparison.OrdinalIgnoreCase);

    // That of the file inside, where it is compressed.
    private static string ExtensionOf(string path) =>
        Path.GetExtension(IsCompressed(path) ? Path.GetFileNameWithoutExtension(path) : path).TrimEnd();

    private static LoadedFile Skip(string source, string reason) => new(source, [], new SkippedFile(source, PlainLine.OfMessage(reason)));

    private async Task<LoadedFile> LoadFileAsync(string path, string source, CancellationToken cancellationToken)
    {
        string extension = ExtensionOf(path);
        if (!_readers.TryGetValue(extension, out IDocumentReader? reader))
        {
            return Skip(source, extension.Length == 0
                ? "There is no reader for names without an extension: let the name end in what it is, such as .txt."
                : $"There is no reader for {extension}.");
        }

        try
        {
            using MemoryStream content = await ReadAsync(path, IsCompressed(path), cancellationToken).ConfigureAwait(false);
            List<Document> documents = [];
            await foreach (Document document in reader.ReadAsync(content, source, cancellationToken).ConfigureAwait(false))
            {
                if (!string.IsNullOrWhiteSpace(document.Text)) documents.Add(document);
            }

            if (documents.Count == 0) return Skip(source, "The file holds no text.");
            string unread = string.Join(' ', documents.Select(document => document.Unread).OfType<string>());
            return new LoadedFile(source, documents, unread.Length == 0 ? null : new SkippedFile(source, unread));
        }
        catch (GenQException e)
        {
            // What opens a file names it, which the source does better.
            return Skip(source, e.Message.Replace($"'{path}'", "The file", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Skip(source, $"The file cannot be read: {e.Message}");
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            // A library that trips over one file must not end a run over thousands.
            return Skip(source, $"The reader for {extension} failed: {e.GetType().Name}: {e.Message}");
        }
    }

    private async Task<MemoryStream> ReadAsync(string path, bool compressed, CancellationToken cancellationToken)
    {
        using FileStream file = RawPath.OpenRead(path);
        if (file.Length > _options.MaxFileBytes) throw TooLarge();
        using Stream bytes = compressed ? new PackedFile(file) : file;
        MemoryStream content = new();
        byte[] buffer = new byte[1 << 16];
        while (await bytes.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is int read and > 0)
        {
            // What a small compressed file holds has no bound.
            if (content.Length + read > _options.MaxFileBytes) throw TooLarge();
            content.Write(buffer, 0, read);
        }

        content.Position = 0;
        return content;

        GenQException TooLarge() => new($"The file has more than {_options.MaxFileBytes >> 20} MB: split it.");
    }
}
