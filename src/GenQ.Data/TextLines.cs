using System.Buffers;
using System.Text;

namespace GenQ.Data;

/// <summary>Cuts text into lines as it comes, and refuses a line that is longer than any text: it would have to be held whole.</summary>
internal static class TextLines
{
    private static readonly SearchValues<char> AnyEnd = SearchValues.Create("\n\r");

    private static readonly SearchValues<char> NewLine = SearchValues.Create("\n");

    /// <summary>Streams the lines, without their ends.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="name">What messages call it: <c>'notes.txt'</c>, <c>stdin</c>.</param>
    /// <param name="endsAtReturn">Whether a lone carriage return ends a line too, as for <see cref="TextReader.ReadLine"/>.</param>
    /// <exception cref="GenQException">A line has more than <see cref="InputLimits.LineCharacters"/> characters.</exception>
    public static IEnumerable<string> Of(TextReader reader, string name, bool endsAtReturn = true)
    {
        char[] buffer = new char[1 << 14];
        StringBuilder begun = new();
        int number = 1;
        bool isBehindReturn = false;
        for (int count; (count = reader.Read(buffer, 0, buffer.Length)) > 0;)
        {
            int start = isBehindReturn && buffer[0] == '\n' ? 1 : 0;
            isBehindReturn = false;
            for (int length; (length = buffer.AsSpan(start, count - start).IndexOfAny(endsAtReturn ? AnyEnd : NewLine)) >= 0;)
            {
                int end = start + length;
                yield return Line(buffer, start, length);
                number++;
                start = end + 1;
                if (buffer[end] != '\r') continue;
                if (start == count) isBehindReturn = true;
                else if (buffer[start] == '\n') start++;
            }

            begun.Append(buffer, start, count - start);
            if (begun.Length > InputLimits.LineCharacters)
                throw new GenQException($"{name}, line {number}, has more than {InputLimits.LineCharacters:N0} characters, which no text of one line has. Divide it.");
        }

        if (begun.Length > 0) yield return Line([], 0, 0);

        string Line(char[] last, int start, int length)
        {
            if (begun.Length == 0) return WithoutReturn(last.AsSpan(start, length)).ToString();
            string line = begun.Append(last, start, length).ToString();
            begun.Clear();
            return WithoutReturn(line).Length == line.Length ? line : line[..^1];
        }

        ReadOnlySpan<char> WithoutReturn(ReadOnlySpan<char> line) => !endsAtReturn && line is [.., '\r'] ? line[..^1] : line;
    }
}
