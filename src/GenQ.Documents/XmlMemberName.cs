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
    /// <param name="typeParameters">The names of the member's own type parameters.</param>
    /// <param name="typeParametersOf">The names of the type parameters of a type by its full name, where they are known.</param>
    public static XmlMemberName Parse(string id, string[] typeParameters, Func<string, string[]?> typeParametersOf)
    {
        string full = id[2..];
        int bracket = full.IndexOf('(', StringComparison.Ordinal);
        string path = bracket < 0 ? full : full[..bracket];
        int dot = path.LastIndexOf('.');
        string container = dot < 0 ? "" : path[..dot];
        string name = dot < 0 ? path : path[(dot + 1)..];
        bool isType = id[0] == 'T';

        string[] ofType = isType ? typeParameters : typeParametersOf(container) ?? [];
        string[] ofMethod = isType ? [] : typeParameters;
        string parameters = bracket < 0 ? "" : ReadableTypes(full[bracket..], ofType, ofMethod);
        string type = ShortName(container, ofType, []);
        string kind = Kind(id[0], name);
        string shortName = name is "#ctor" or "#cctor" ? type : ShortName(name, ofType, ofMethod).Replace('#', '.');
        string title = isType || name is "#ctor" or "#cctor" || type.Length == 0 ? shortName : $"{type}.{shortName}";
        string place = container.Length == 0 ? "" : isType ? $" in {WithoutArity(container)}" : $" of {WithoutArity(container)}";
        return new XmlMemberName($"{title}{parameters} {kind}", $"{shortName} {kind}{place}.");
    }

    /// <summary>A cref in words: the short name of a type, "Type.Member" for a member.</summary>
    public static string? Reference(string? cref)
    {
        if (cref is null) return null;
        if (cref is not [var kind, ':', .. string full]) return cref;
        if (kind is 'N' or '!') return full;
        int bracket = full.IndexOf('(', StringComparison.Ordinal);
        string path = bracket < 0 ? full : full[..bracket];
        int tilde = path.IndexOf('~', StringComparison.Ordinal);
        if (tilde >= 0) path = path[..tilde];
        string[] parts = path.Split('.');
        string name = ShortName(parts[^1], [], []);
        if (kind is 'T' || parts.Length == 1) return name;
        string type = ShortName(parts[^2], [], []);
        return parts[^1] is "#ctor" ? $"{type} constructor" : $"{type}.{name}";
    }

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

    // The last part of a path, its arity written as type parameters: "List`1" is "List<T>".
    private static string ShortName(string path, string[] ofType, string[] ofMethod)
    {
        string name = path[(path.LastIndexOf('.') + 1)..];
        int tick = name.IndexOf('`', StringComparison.Ordinal);
        if (tick < 0) return name;
        string[] known = name.AsSpan(tick).StartsWith("``", StringComparison.Ordinal) ? ofMethod : ofType;
        int count = int.TryParse(name.AsSpan(tick).Trim('`'), out int arity) ? Math.Clamp(arity, 1, 16) : 1;
        IEnumerable<string> names = Enumerable.Range(0, count).Select(i => Placeholder(known, i, count));
        return $"{name[..tick]}<{string.Join(", ", names)}>";
    }

    private static string Placeholder(string[] known, int index, int count) =>
        index < known.Length ? known[index] : count == 1 ? "T" : $"T{index + 1}";

    // "(System.Collections.Generic.IEnumerable{``0},System.Int32@)" is "(IEnumerable<TSource>, Int32)".
    private static string ReadableTypes(string types, string[] ofType, string[] ofMethod)
    {
        StringBuilder readable = new();
        for (int i = 0; i < types.Length;)
        {
            char c = types[i];
            if (c == '~') break;
            if (c == '`')
            {
                bool method = i + 1 < types.Length && types[i + 1] == '`';
                int start = i + (method ? 2 : 1), end = start;
                while (end < types.Length && char.IsAsciiDigit(types[end])) end++;
                string[] known = method ? ofMethod : ofType;
                readable.Append(Placeholder(known, int.TryParse(types.AsSpan(start, end - start), out int n) ? n : 0, known.Length));
                i = end;
            }
            else if (char.IsLetter(c) || c == '_')
            {
                int end = i;
                while (end < types.Length && (char.IsLetterOrDigit(types[end]) || types[end] is '_' or '.' or '+')) end++;
                string name = types[i..end];
                readable.Append(name.AsSpan(name.LastIndexOf('.') + 1));
                i = end;
            }
            else
            {
                if (c is not '@') readable.Append(c switch { '{' => "<", '}' => ">", ',' => ", ", _ => c.ToString() });
                i++;
            }
        }

        return readable.ToString();
    }
}
