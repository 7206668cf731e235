using System.Globalization;
using System.Text;
using GenQ.Data;

namespace GenQ.Documents;

/// <summary>Finds the files behind files, folders and globs: each once, sorted by its name below their common folder.</summary>
internal sealed class DocumentFiles
{
    // Linux gives up after as many links, too.
    private const int MostLinks = 40;

    private static readonly EnumerationOptions AllEntries = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    private readonly CancellationToken _cancellationToken;
    private readonly Dictionary<string, string> _realFolders = new(StringComparer.Ordinal);
    private readonly HashSet<string> _foldersSeen = new(StringComparer.Ordinal);
    private readonly List<string> _files = [];
    private readonly List<(string Path, string Reason)> _unreadable = [];
    private readonly List<string> _bases = [];

    private DocumentFiles(CancellationToken cancellationToken) => _cancellationToken = cancellationToken;

    /// <summary>
    /// Returns the files with their sources, in the order of the sources, and with a problem what cannot be opened, is no file, or holds
    /// no documents.
    /// </summary>
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
            .. files._files.Select(path => (Path: path, Source: SourceOf(path, root), Problem: WhatIsNoFile(path)))
                .Concat(files._unreadable.Select(u => (u.Path, Source: SourceOf(u.Path, root), Problem: (string?)u.Reason)))
                .OrderBy(file => file.Source, StringComparer.Ordinal)
                .Where(file => realFiles.Add(files.RealPath(file.Path, MostLinks))),
        ];
    }

    /// <summary>Follows every link in a full path.</summary>
    public static string RealPathOf(string path) => new DocumentFiles(CancellationToken.None).RealPath(path, MostLinks);

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
        else if (input.Contains('\uFFFD', StringComparison.Ordinal))
        {
            throw new GenQException($"'{input}' cannot be opened: its name holds bytes that are not UTF-8. Name the folder that it lies in, or rename it.");
        }
        else if (GlobPattern.Expand(input).ToArray() is var choices && (choices.Length > 1 || GlobPattern.HasWildcard(input)))
        {
            int before = _files.Count + _unreadable.Count;
            foreach (string choice in choices)
            {
                if (GlobPattern.HasWildcard(choice) && !Path.Exists(choice)) AddGlob(Path.GetFullPath(choice));
                else AddInput(choice);
            }

            if (_files.Count + _unreadable.Count == before)
            {
                throw new GenQException(
                    $"No file matches '{input}'. A pattern may hold {GlobPattern.Signs}; is it right, seen from '{Environment.CurrentDirectory}'?");
            }
        }
        else
        {
            throw new GenQException(
                $"'{input}' is neither a file nor a folder: is the path right, seen from '{Environment.CurrentDirectory}'?");
        }
    }

    private void AddGlob(string path)
    {
        string root = Path.GetPathRoot(path)!;
        string[] parts = path[root.Length..].Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);

        // Brackets also stand in names: a folder "notes [old]" is meant before a pattern is.
        int wild = 0;
        string folder = root;
        while (wild < parts.Length - 1 && (!GlobPattern.HasWildcard(parts[wild]) || Directory.Exists(Path.Combine(folder, parts[wild]))))
            folder = Path.Combine(folder, parts[wild++]);
        if (!Directory.Exists(folder)) return;
        _bases.Add(folder);
        _foldersSeen.Clear();

        // A pattern of fixed depth follows every name a folder has, also those that are links; it cannot go round.
        string[] Names(string entry) => Path.GetRelativePath(folder, entry).Split(Path.DirectorySeparatorChar);
        GlobPattern pattern = new(parts[wild..]);
        AddFolder(folder, file => pattern.Matches(Names(file)), pattern.IsDeep ? null : inner => pattern.LeadsTo(Names(inner)));
    }

    private void AddFolder(string root, Func<string, bool> wanted, Func<string, bool>? entered = null)
    {
        Stack<string> folders = new([root]);
        while (folders.TryPop(out string? folder))
        {
            _cancellationToken.ThrowIfCancellationRequested();
            // A link back up would go round for ever.
            string real = RealPath(folder, MostLinks);
            if (entered is null && !_foldersSeen.Add(real)) continue;
            if (folder != root && IsOfTheSystem(real))
            {
                _unreadable.Add((folder, "The folder is the system's own, not documents."));
                continue;
            }

            if (folder != root && WhatIsNoDocuments(folder) is { } what)
            {
                _unreadable.Add((folder, $"The folder is {what}, not documents: name it to have it read."));
                continue;
            }

            try
            {
                foreach (string name in Names(folder).Where(name => !name.StartsWith('.')))
                {
                    string entry = Path.Combine(folder, name);
                    if (SpecialFile.IsFolder(entry))
                    {
                        if (entered is null || entered(entry)) folders.Push(entry);
                    }
                    else if (wanted(entry)) _files.Add(entry);
                }
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException)
            {
                _unreadable.Add((folder, $"The folder cannot be opened: {e.Message}"));
            }
        }
    }

    private static string[] Names(string folder)
    {
        if (RawPath.IsRaw(folder)) return RawPath.Names(folder);
        string[] names = [.. Directory.EnumerateFileSystemEntries(folder, "*", AllEntries).Select(entry => Path.GetFileName(entry))];
        // .NET shows a name's bytes that are no UTF-8 as this sign, and finds nothing under what it shows.
        return OperatingSystem.IsLinux() && names.Any(name => name.Contains('\uFFFD', StringComparison.Ordinal)) ? RawPath.Names(folder) : names;
    }

    // Their files are made as they are read, some without end, and links in them lead anywhere.
    private static bool IsOfTheSystem(string folder) => !OperatingSystem.IsWindows() && ((string[])["/proc", "/sys", "/dev"]).Any(own => IsBelow(folder, own));

    // Whoever opens one may wait for ever.
    private static string? WhatIsNoFile(string path) => SpecialFile.KindOf(path) is { } kind ? $"It is {kind}, not a file." : null;

    // An earlier run below the documents would teach a later one the words of its tokenizer and the text of its card.
    private static string? WhatIsNoDocuments(string folder)
    {
        bool Has(string file) => SpecialFile.IsFile(Path.Combine(folder, file));
        if (Has("genq.json")) return "a run of GenQ";
        return Has("config.json") && (Has("model.safetensors") || Has("pytorch_model.bin") || Has("modules.json")) ? "a model" : null;
    }

    // The path with every link in it followed.
    private string RealPath(string path, int links)
    {
        if (RawPath.IsRaw(path)) return RawPath.Resolve(path);
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

    /// <summary>Whether a path is a folder or lies below it; both are full, and no link is followed.</summary>
    public static bool IsBelow(string path, string folder) =>
        path == folder
        || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string SourceOf(string path, string root)
    {
        string source = root.Length == 0 ? path : Path.GetRelativePath(root, path);
        // On Windows the backslash separates folders, and no name holds a control character.
        return Path.DirectorySeparatorChar == '/' ? Escaped(source) : source.Replace(Path.DirectorySeparatorChar, '/');
    }

    // A source is part of ids and of lines of text, which a line break in a name would divide, and which are UTF-8.
    private static string Escaped(string source)
    {
        if (!source.Any(c => char.IsControl(c) || c == '\\') && !RawPath.IsRaw(source)) return source;
        StringBuilder escaped = new();
        foreach ((int index, char c) in source.Index())
        {
            if (RawPath.ByteAt(source, index) is { } raw) escaped.Append(CultureInfo.InvariantCulture, $@"\x{raw:x2}");
            else if (c == '\\') escaped.Append(@"\\");
            else if (c == '\n') escaped.Append(@"\n");
            else if (c == '\t') escaped.Append(@"\t");
            else if (char.IsControl(c)) escaped.Append(CultureInfo.InvariantCulture, $@"\u{(int)c:x4}");
            else escaped.Append(c);
        }

        return escaped.ToString();
    }
}
