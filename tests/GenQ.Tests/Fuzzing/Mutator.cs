using System.Text;

namespace GenQ.Tests.Fuzzing;

/// <summary>Damages valid inputs: bits, bytes, pieces, numbers at an edge, and words that parsers know.</summary>
/// <param name="seeds">Valid inputs of one parser.</param>
/// <param name="seed">Where the draws come from.</param>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds, int seed)
{
    private const int LargestInput = 200_000;

    private static readonly byte[][] Numbers =
    [
        [0xFF], [0x7F], [0x80], [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80], [0, 0, 0, 0], [0, 0, 0xC0, 0x7F],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0, 0, 0, 0, 0x80], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1],
    ];

    private static readonly byte[][] Digits = Words("-1 0 1.5 2147483647 -2147483648 4294967296 9223372036854775807 1e999 -0 65536 99999999999999999999 NaN");

    private static readonly byte[][] Terms =
    [
        .. Words(
            """null true [] {} [null] "" "\ud800" \u0000 , : " \ ' < > / = & &#x110000; <!-- --> <![CDATA[ ]]> <b> </b> <p> <div> </div> <table> <svg> <template> <pre> <a """),
        .. Words("``` ~~~ > - * _ | ![a]( [a](b) [^1] [^1]: [r]: :::  # === --- +++ +--- http://a.b ``1 `0 #ctor ~ member summary </summary>"),
        [0], [9], [10], [13, 10], [12], [0x1E], [0xFE, 0xFF], [0xEF, 0xBB, 0xBF], [0xCC, 0x81], [0xE2, 0x80, 0x8B], [0xED, 0xA0, 0x80], [0xF0, 0x9F, 0x98, 0x80],
    ];

    private readonly Random _random = new(seed);

    /// <summary>The next damaged input.</summary>
    public byte[] Next()
    {
        List<byte> bytes = [.. seeds[_random.Next(seeds.Count)]];
        int edits = _random.Next(5) == 0 ? _random.Next(1, 25) : _random.Next(1, 5);
        for (int i = 0; i < edits; i++) Edit(bytes);
        return bytes.Count <= LargestInput ? [.. bytes] : [.. bytes.Take(LargestInput)];
    }

    private void Edit(List<byte> bytes)
    {
        int at = _random.Next(bytes.Count + 1), left = bytes.Count - at;
        switch (_random.Next(10))
        {
            case 0 when left > 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when left > 0:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 2:
                bytes.Insert(at, (byte)_random.Next(256));
                break;
            case 3:
                bytes.RemoveRange(at, Math.Min(_random.Next(1, 30), left));
                break;
            case 4 when left > 0:
                // A piece again, seldom very often.
                byte[] piece = [.. bytes.Skip(at).Take(_random.Next(1, 60))];
                for (int times = _random.Next(30) == 0 ? _random.Next(2000) : _random.Next(1, 4); times > 0; times--) bytes.InsertRange(at, piece);
                break;
            case 5:
                byte[] number = One(Numbers);
                for (int i = 0; i < Math.Min(number.Length, left); i++) bytes[at + i] = number[i];
                break;
            case 6:
                bytes.InsertRange(at, One(Terms));
                break;
            case 7 when _random.Next(4) == 0:
                bytes.RemoveRange(at, left);
                break;
            case 8:
                byte[] other = seeds[_random.Next(seeds.Count)];
                bytes.InsertRange(at, other.Skip(_random.Next(other.Length + 1)).Take(_random.Next(200)));
                break;
            default:
                int digit = bytes.FindIndex(at, value => value is >= (byte)'0' and <= (byte)'9');
                if (digit < 0) break;
                bytes.RemoveAt(digit);
                bytes.InsertRange(digit, One(Digits));
                break;
        }
    }

    private byte[] One(byte[][] choices) => choices[_random.Next(choices.Length)];

    private static byte[][] Words(string words) => [.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes)];
}
