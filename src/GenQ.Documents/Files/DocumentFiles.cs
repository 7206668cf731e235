using System.IO.Enumeration;
using GenQ.Data;

namespace GenQ.Documents;

/// <summary>Finds the files behind files, folders and globs: each once, sorted by its name below their common folder.</summary>
internal sealed class DocumentFiles
{
    // Linux gives up after as many links, too.
    private const int MostLinks = 40;

    private readonly CancellationToken _cancellationToken;
    private readonly Dictionary<string, string> _realFolders = new(StringComparer.Ordinal);
    private readonly HashSet<string> _foldersSeen = new(StringComparer.Ordinal);
    private readonly List<string> _files = [];
    private readonly List<(string Path, string Reason)> _unreadable = [];
    private readonly List<string> _bases = [];

    private DocumentFiles(CancellationToken cancellationToken) => _cancellationToken = cancellationToken;

    /// <summary>Returns the files with their sources, in the order of the sources, and the folders that cannot be opened or hold no documents.</summary>
    /// <exception cref="GenQException">An input names nothing.</exception>
    public static IReadOnlyList<(string Path, string Source, string? Problem)> Find(
        IEnumerable<string> inputs, CancellationToken cancellationToken)
    {
        DocumentFiles files = new(cancellationToken);
        foreach (string input in inputs) files.AddInput(input);

        string root = files._bases.Count == 0 ? "" : files._bases.Aggregate(CommonFolder);
        HashSet<string> realFiles = new(StringComparer.Ordinal);
        return
        [
            .. files._files.Select(path => (Path: path, Source: SourceOf(path, root), Problem: (string?)null))
                .Concat(files._unreadable.Select(u => (u.Path, Source: SourceOf(u.Path, root), Problem: (string?)u.Reason)))
                .OrderBy(file => file.Source, StringComparer.Ordinal)
                .Where(file => realFiles.Add(files.RealPath(file.Path, MostLinks))),
        ];
    }

    private void AddInput(string input)
    {
        if (string.IsNullOrWhiteSpace(input))
            throw new GenQException("An input is empty: name a file, a folder or a pattern such as 'docs/**/*.md'.");
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(input));
        if (File.Exists(path))
        {
            _files.Add(path);
            _bases.Add(Path.GetDirectoryName(path)!);
        }
        else if (Directory.Exists(path))
        {
            _bases.Add(path);
            _foldersSeen.Clear();
            AddFolder(path, _ => true);
        }
        else if (input.AsSpan().ContainsAny('*', '?'))
        {
            AddGlob(path, input);
        }
        else
        {
            throw new GenQException(
                $"'{input}' is neither a file nor a folder: is the path right, seen from '{Environment.CurrentDirectory}'?");
        }
    }

    private void AddGlob(string path, string input)
    {
        string root = Path.GetPathRoot(path)!;
        string[] parts = path[root.Length..].Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        int wild = Array.FindIndex(parts, part => part.AsSpan().ContainsAny('*', '?'));
        string folder = Path.Combine([root, .. parts[..wild]]);
        string[] pattern = parts[wild..];
        int before = _files.Count;
        if (Directory.Exists(folder))
        {
            _bases.Add(folder);
            _foldersSeen.Clear();

            // A pattern of fixed depth follows every name a folder has, also those that are links; it cannot go round.
            string[] Names(string entry) => Path.GetRelativePath(folder, entry).Split(Path.DirectorySeparatorChar);
            bool isDeep = pattern.Contains("**");
            AddFolder(folder, file => Matches(Names(file), pattern), isDeep ? null : inner => LeadsTo(Names(inner), pattern));
        }

        if (_files.Count == before) throw new GenQException($"No file matches '{input}'.");
    }

    // "**" stands for any number of folders.
    private static bool Matches(ReadOnlySpan<string> names, ReadOnlySpan<string> pattern)
    {
        if (pattern.IsEmpty) return names.IsEmpty;
        if (pattern[0] == "**")
            return Matches(names, pattern[1..]) || (!names.IsEmpty && Matches(names[1..], pattern));
        return !names.IsEmpty && FileSystemName.MatchesSimpleExpression(pattern[0], names[0], ignoreCase: false)
            && Matches(names[1..], pattern[1..]);
    }

    // Whether files below a folder can match.
    private static bool LeadsTo(string[] names, string[] pattern)
        => names.Length < pattern.Length && Matches(names, pattern.AsSpan(0, names.Length));

    private void AddFolder(string root, Func<string, bool> wanted, Func<string, bool>? entered = null)
    {
        Stack<string> folders = new([root]);
        while (folders.TryPop(out string? folder))
        {
            _cancellationToken.ThrowIfCancellationRequested();
            // A link back up would go round for ever.
            if (entered is null && !_foldersSeen.Add(RealPath(folder, MostLinks))) continue;
            if (folder != root && WhatIsNoDocuments(folder) is { } what)
            {
                _unreadable.Add((folder, $"The folder is {what}, not documents: name it to have it read."));
                continue;
            }

            try
            {
                foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions
                { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false }))
                {
                    if (entry.Name.StartsWith('.')) continue;
                    if (Directory.Exists(entry.FullName))
                    {
                        if (entered is null || entered(entry.FullName)) folders.Push(entry.FullName);
                    }
                    else if (wanted(entry.FullName)) _files.Add(entry.FullName);
                }
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException)
            {
                _unreadable.Add((folder, $"The folder cannot be opened: {e.Message}"));
            }
        }
    }

    // An earlier run below the documents would teach a later one the words of its tokenizer and the text of its card.
    private static string? WhatIsNoDocuments(string folder)
    {
        bool Has(string file) => File.Exists(Path.Combine(folder, file));
        if (Has("genq.json")) return "a run of GenQ";
        return Has("config.json") && (Has("model.safetensors") || Has("pytorch_model.bin") || Has("modules.json")) ? "a model" : null;
    }

    // The path with every link in it followed.
    private string RealPath(string path, int links)
    {
        if (Path.GetDirectoryName(path) is not { } parent) return path;
        if (!_realFolders.TryGetValue(parent, out string? realParent))
            _realFolders[parent] = realParent = RealPath(parent, links);
        string real = Path.Combine(realParent, Path.GetFileName(path));
        string? target = links > 0 ? new FileInfo(real).LinkTarget : null;
        return target is null ? real : RealPath(Path.GetFullPath(target, realParent), links - 1);
    }

    private static string CommonFolder(string a, string b)
    {
        string? common = a;
        while (common is not null && !IsBelow(b, common)) common = Path.GetDirectoryName(common);
        return common ?? "";
    }

    private static bool IsBelow(string path, string folder) =>
        path == folder
        || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string SourceOf(string path, string root) =>
        (root.Length == 0 ? path : Path.GetRelativePath(root, path)).Replace(Path.DirectorySeparatorChar, '/');
}
