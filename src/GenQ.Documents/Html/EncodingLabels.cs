using System.Globalization;
using System.Text;

namespace GenQ.Documents;

/// <summary>Knows the names of encodings as the WHATWG Encoding Standard lists them, and some that other programs write.</summary>
internal static class EncodingLabels
{
    // A page whose names can be read byte by byte is not in UTF-16, whatever it says: the standard takes it for UTF-8.
    // Behind a code page stand its labels; a plus continues the line above.
    private const string Table = """
        65001 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8 csunicode iso-10646-ucs-2 ucs-2 unicode
        + unicodefeff unicodefffe utf-16 utf-16be utf-16le utf-32 utf-32be utf-32le ucs-4 iso-10646-ucs-4
        866 866 cp866 csibm866 ibm866
        28592 csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2
        28593 csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3
        28594 csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4
        28595 csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988
        28596 arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i
        + iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987
        28597 csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7
        + iso_8859-7:1987 sun_eu_greek
        28598 csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8
        + iso_8859-8:1988 visual
        38598 csiso88598i iso-8859-8-i logical
        28600 csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6
        28603 iso-8859-13 iso8859-13 iso885913
        28604 iso-8859-14 iso8859-14 iso885914
        28605 csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9 latin9
        28606 iso-8859-16 iso8859-16 iso885916 latin10 l10
        20866 cskoi8r koi koi8 koi8-r koi8_r
        21866 koi8-ru koi8-u
        10000 csmacintosh mac macintosh x-mac-roman macroman
        874 dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874
        1250 cp1250 windows-1250 x-cp1250
        1251 cp1251 windows-1251 x-cp1251
        1252 ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1
        + iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252 x-user-defined ansi
        1253 cp1253 windows-1253 x-cp1253
        1254 cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 windows-1254
        + x-cp1254
        1255 cp1255 windows-1255 x-cp1255
        1256 cp1256 windows-1256 x-cp1256
        1257 cp1257 windows-1257 x-cp1257
        1258 cp1258 windows-1258 x-cp1258
        10007 x-mac-cyrillic maccyrillic
        10017 x-mac-ukrainian
        54936 chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk gb18030 cp936 ms936 windows-936
        + euc-cn
        950 big5 big5-hkscs cn-big5 csbig5 x-x-big5 cp950 ms950 windows-950
        51932 cseucpkdfmtjapanese euc-jp x-euc-jp
        50220 csiso2022jp iso-2022-jp iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-3
        932 csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis cp932 windows-932
        949 cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949 cp949
        + ms949 uhc
        50225 csiso2022kr iso-2022-kr
        50227 iso-2022-cn
        52936 hz-gb-2312 hz
        """;

    // What .NET has no code page for: the characters of A1 to FF.
    private const string
        Latin6 = "ĄĒĢĪĨĶ§ĻĐŠŦŽ\u00ADŪŊ°ąēģīĩķ·ļđšŧž―ūŋĀÁÂÃÄÅÆĮČÉĘËĖÍÎÏÐŅŌÓÔÕÖŨØŲÚÛÜÝÞßāáâãäåæįčéęëėíîïðņōóôõöũøųúûüýþĸ",
        Latin8 = "Ḃḃ£ĊċḊ§Ẁ©ẂḋỲ\u00AD®ŸḞḟĠġṀṁ¶ṖẁṗẃṠỳẄẅṡÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏŴÑÒÓÔÕÖṪØÙÚÛÜÝŶßàáâãäåæçèéêëìíîïŵñòóôõöṫøùúûüýŷÿ",
        Latin10 = "ĄąŁ€„Š§š©Ș«Ź\u00ADźŻ°±ČłŽ”¶·žčș»ŒœŸżÀÁÂĂÄĆÆÇÈÉÊËÌÍÎÏĐŃÒÓÔŐÖŚŰÙÚÛÜĘȚßàáâăäćæçèéêëìíîïđńòóôőöśűùúûüęțÿ";

    private static readonly Dictionary<string, Encoding> ByLabel = ReadTable();

    private static readonly Dictionary<string, Encoding> BySimpleLabel = ByLabel
        .GroupBy(pair => Simplify(pair.Key), pair => pair.Value).ToDictionary(group => group.Key, group => group.First());

    /// <summary>
    /// The encoding that a page names, or <see langword="null"/> where the name is not known; case, hyphens and underscores do not matter.
    /// </summary>
    public static Encoding? Find(string label) =>
        ByLabel.GetValueOrDefault(label.ToLowerInvariant()) ?? BySimpleLabel.GetValueOrDefault(Simplify(label));

    private static string Simplify(string label) =>
        new string([.. label.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit)]).Replace("windows", "cp", StringComparison.Ordinal)
            .Replace("win", "cp", StringComparison.Ordinal);

    private static Dictionary<string, Encoding> ReadTable()
    {
        Dictionary<string, Encoding> encodings = new(StringComparer.Ordinal);
        Encoding current = Encoding.UTF8;
        foreach (string line in Table.Split('\n'))
        {
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words[0] is not "+")
            {
                current = words[0] switch
                {
                    "28600" => new SingleByteEncoding("iso-8859-10", Latin6),
                    "28604" => new SingleByteEncoding("iso-8859-14", Latin8),
                    "28606" => new SingleByteEncoding("iso-8859-16", Latin10),
                    "65001" => Encoding.UTF8,
                    _ => CodePagesEncodingProvider.Instance.GetEncoding(int.Parse(words[0], CultureInfo.InvariantCulture))!,
                };
            }

            foreach (string label in words.Skip(1)) encodings.Add(label, current);
        }

        return encodings;
    }

    /// <summary>An encoding whose lower part is Latin-1, up to the no-break space.</summary>
    private sealed class SingleByteEncoding(string name, string upper) : Encoding
    {
        public override string WebName => name;

        public override int GetByteCount(char[] chars, int index, int count) => throw new NotSupportedException();

        public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
            throw new NotSupportedException();

        public override int GetCharCount(byte[] bytes, int index, int count) => count;

        public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
        {
            for (int i = 0; i < byteCount; i++)
            {
                byte value = bytes[byteIndex + i];
                chars[charIndex + i] = value > 0xA0 ? upper[value - 0xA1] : (char)value;
            }

            return byteCount;
        }

        public override int GetMaxByteCount(int charCount) => charCount;

        public override int GetMaxCharCount(int byteCount) => byteCount;
    }
}
