using System.Text;

namespace GenQ.Documents;

/// <summary>
/// A documentation id in words: <c>M:System.Linq.Enumerable.Count``1(System.Collections.Generic.IEnumerable{``0})</c> is
/// "Enumerable.Count&lt;TSource&gt;(IEnumerable&lt;TSource&gt;) method". The format of the ids is given in the C# specification,
/// annex D.4.2.
/// </summary>
/// <param name="Title">The member's short name with its parameters, and its kind.</param>
/// <param name="Sentence">A line that says what the member is and where it belongs.</param>
internal sealed record XmlMemberName(string Title, string Sentence)
{
    /// <summary>Parses an id such as "T:System.String".</summary>
    /// <param name="id">The id, its kind letter and colon included.</param>
    /// <param name="typeParameters">
    /// The names of the member's own type parameters; of a type with its outer types', which come first.
    /// </param>
    /// <param name="knownTypes">The names of the type parameters of the types known so far, by their full name.</param>
    public static XmlMemberName Parse(string id, string[] typeParameters, IReadOnlyDictionary<string, string[]> knownTypes)
    {
        string path = PathOf(id[2..]);
        (string container, string name) = Cut(path);
        bool isType = id[0] == 'T', isConstructor = name is "#ctor" or "#cctor";
        string[] ofType = isType ? typeParameters : knownTypes.GetValueOrDefault(container) ?? [];
        string[] ofMethod = isType ? [] : typeParameters;

        string outer = isType && !knownTypes.ContainsKey(container) ? "" : TypeName(container, ofType, knownTypes);
        string own = isType ? Segment(name, ofType, OuterArity(container, knownTypes)) : MemberSegment(name, ofMethod);
        string title = isConstructor ? outer : outer.Length == 0 ? own : $"{outer}.{own}";
        string parameters = ReadableTypes(id[(2 + path.Length)..], ofType, ofMethod);
        string kind = Kind(id[0], name);
        string place = container.Length == 0 ? "" : isType ? $" in {WithoutArity(container)}" : $" of {WithoutArity(container)}";
        return new XmlMemberName($"{title}{parameters} {kind}", $"{(isConstructor ? outer : own)} {kind}{place}.");
    }

    /// <summary>A cref in words: the short name of a type, "Type.Member" for a member.</summary>
    public static string? Reference(string? cref)
    {
        if (cref is not [var kind, ':', .. string full]) return cref;
        if (kind is 'N' or '!') return full;
        (string container, string name) = Cut(PathOf(full));
        if (kind is 'T' || container.Length == 0) return Segment(name, [], 0);
        string type = Segment(Cut(container).Last, [], 0);
        return name is "#ctor" ? $"{type} constructor" : $"{type}.{MemberSegment(name, [])}";
    }

    /// <summary>The name of the type or namespace that a type's name stands in.</summary>
    public static string ContainerOf(string fullName) => Cut(fullName).Container;

    private static string Kind(char letter, string name) => letter switch
    {
        'T' => "type",
        'M' when name is "#ctor" or "#cctor" => "constructor",
        'M' when name.StartsWith("op_", StringComparison.Ordinal) => "operator",
        'M' => "method",
        'P' => "property",
        'F' => "field",
        'E' => "event",
        'N' => "namespace",
        _ => "member",
    };

    // The id without its parameters and without the result type of a conversion operator.
    private static string PathOf(string full)
    {
        int end = full.AsSpan().IndexOfAny('(', '~');
        return end < 0 ? full : full[..end];
    }

    private static (string Container, string Last) Cut(string path)
    {
        int dot = path.LastIndexOf('.');
        return dot < 0 ? ("", path) : (path[..dot], path[(dot + 1)..]);
    }

    // "Dictionary<TKey, TValue>.Enumerator": a type with the types it is nested in, as far as they are known.
    private static string TypeName(string path, string[] names, IReadOnlyDictionary<string, string[]> knownTypes)
    {
        (string container, string last) = Cut(path);
        string own = Segment(last, names, OuterArity(container, knownTypes));
        return knownTypes.ContainsKey(container) ? $"{TypeName(container, names, knownTypes)}.{own}" : own;
    }

    private static int OuterArity(string container, IReadOnlyDictionary<string, string[]> knownTypes) =>
        knownTypes.TryGetValue(container, out string[]? outer) ? outer.Length : 0;

    // An explicit implementation writes its interface with '#' for '.': "System#Collections#IList#Add" is "IList.Add".
    private static string MemberSegment(string name, string[] ofMethod)
    {
        int last = name.LastIndexOf('#');
        if (last <= 0) return Segment(name, ofMethod, 0);
        string implemented = name[..last].Replace('#', '.').Replace('@', ',');
        return $"{ReadableTypes(implemented, [], [])}.{Segment(name[(last + 1)..], ofMethod, 0)}";
    }

    // "List`1" is "List<T>".
    private static string Segment(string name, string[] known, int outerArity)
    {
        int tick = name.IndexOf('`', StringComparison.Ordinal);
        if (tick < 0) return name;
        int count = int.TryParse(name.AsSpan(tick).Trim('`'), out int arity) ? Math.Clamp(arity, 1, 16) : 1;
        IEnumerable<string> names = Enumerable.Range(0, count).Select(i => Placeholder(known, outerArity + i, count));
        return $"{name[..tick]}<{string.Join(", ", names)}>";
    }

    private static string Placeholder(string[] known, int index, int count) =>
        index < known.Length ? known[index] : count == 1 ? "T" : $"T{index + 1}";

    private static string WithoutArity(string path)
    {
        StringBuilder plain = new();
        for (int i = 0; i < path.Length; i++)
        {
            if (path[i] != '`') plain.Append(path[i]);
            else while (i + 1 < path.Length && (char.IsAsciiDigit(path[i + 1]) || path[i + 1] == '`')) i++;
        }

        return plain.ToString();
    }

    // "(System.Collections.Generic.IEnumerable{``0},System.Int32@)" is "(IEnumerable<TSource>, Int32)".
    private static string ReadableTypes(string types, string[] ofType, string[] ofMethod)
    {
        StringBuilder readable = new();
        for (int i = 0; i < types.Length && types[i] != '~';)
        {
            char c = types[i];
            int start = i, end = i;
            if (c == '`')
            {
                while (start < types.Length && types[start] == '`') start++;
                end = start;
                while (end < types.Length && char.IsAsciiDigit(types[end])) end++;
                string[] known = start - i == 2 ? ofMethod : ofType;
                _ = int.TryParse(types.AsSpan(start, end - start), out int index);
                readable.Append(Placeholder(known, index, known.Length));
            }
            else if (char.IsLetter(c) || c == '_')
            {
                while (end < types.Length && (char.IsLetterOrDigit(types[end]) || types[end] is '_' or '.' or '+')) end++;
                readable.Append(Cut(types[i..end]).Last);
            }
            else
            {
                end++;
                if (c is not '@') readable.Append(c switch { '{' => "<", '}' => ">", ',' => ", ", _ => c.ToString() });
            }

            i = end;
        }

        return readable.ToString();
    }
}
