using System.Text;
using GenQ.Data;
using GenQ.Documents;

namespace GenQ.Tests.Documents;

public sealed class HtmlDecoderTests
{
    private const string Russian = "Температура склада", German = "Schränke müssen", Japanese = "倉庫の温度", Romanian = "Țară și oraș";

    static HtmlDecoderTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [Theory]
    [InlineData("<meta charset=windows-1251>", 1251, Russian)]
    [InlineData("<meta charset='cp1251'>", 1251, Russian)]
    [InlineData("<META CHARSET = \"Windows_1251\" />", 1251, Russian)]
    [InlineData("<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>", 20866, Russian)]
    [InlineData("<meta content=\"text/html;charset=x-mac-cyrillic\" http-equiv=content-type>", 10007, Russian)]
    [InlineData("<?xml version='1.0' encoding='windows-1251'?>", 1251, Russian)]
    [InlineData("<meta charset=windows-31j>", 932, Japanese)]
    [InlineData("<meta charset=ms_kanji>", 932, Japanese)]
    [InlineData("<meta charset=iso-2022-jp>", 50220, Japanese)]
    [InlineData("<meta charset=x-euc-jp>", 51932, Japanese)]
    [InlineData("<meta charset=hz-gb-2312>", 52936, "仓库温度")]
    [InlineData("<meta charset=gb2312>", 54936, "仓库温度")]
    [InlineData("<meta charset=dos-874>", 874, "อุณหภูมิ")]
    [InlineData("<meta charset=mac>", 10000, German)]
    [InlineData("<meta charset=ansi_x3.4-1968>", 1252, German)]
    [InlineData("<meta charset=x-user-defined>", 1252, German)]
    public void A_page_is_in_the_encoding_that_it_names(string head, int codePage, string words) => Assert.Equal(words, Read(head, codePage, words));

    [Theory]
    [InlineData("<script src=a.js charset=utf-8></script><meta charset=windows-1251>")]
    [InlineData("<script>var a = '<meta charset=koi8-r>';</script><meta charset=windows-1251>")]
    [InlineData("<!-- encoding=\"koi8-r\" <meta charset=koi8-r> --><meta charset=windows-1251>")]
    [InlineData("<link title='<meta charset=koi8-r>'><meta charset=windows-1251>")]
    [InlineData("<meta name=description content='charset=koi8-r'><meta charset=windows-1251>")]
    [InlineData("<title>Say <meta charset=koi8-r></title><meta charset=windows-1251>")]
    [InlineData("<!--><meta charset=windows-1251>")]
    [InlineData("<meta charset=utf-8><meta charset=windows-1251>")]
    [InlineData("<meta charset=none-such><meta charset=windows-1251>")]
    [InlineData("<meta charset=iso-2022-jp><meta charset=windows-1251>")]
    [InlineData("<meta charset=windows-1251><meta charset=koi8-r>")]
    public void The_first_name_that_can_be_is_taken_and_traps_are_not(string head) => Assert.Equal(Russian, Read(head, 1251, Russian));

    [Fact]
    public void A_name_far_behind_the_beginning_counts() =>
        Assert.Equal(Japanese, Read($"<script>{new string('x', 5000)}</script><meta charset=shift_jis>", 932, Japanese));

    [Theory]
    [InlineData("utf-8")]
    [InlineData("unicode")]
    [InlineData("utf-16")]
    public void What_says_UTF_8_and_is_not_is_read_as_Western(string label) => Assert.Equal(German, Read($"<meta charset={label}>", 1252, German));

    [Theory]
    [InlineData("<meta charset=windows-1252>")]
    [InlineData("<meta charset=utf-16le>")]
    [InlineData("<meta charset=none-such>")]
    [InlineData("<meta charset=shift_jis>")]
    [InlineData("<meta charset=iso-2022-jp>")]
    public void Valid_UTF_8_goes_before_a_false_name(string head)
    {
        Assert.Equal("“" + Russian, Read(head, 65001, "“" + Russian));
        Assert.Equal(Russian, Read("\uFEFF" + head, 65001, Russian));
    }

    [Theory]
    [InlineData(1200)]
    [InlineData(1201)]
    public void UTF_16_without_a_mark_shows_by_its_first_tag(int codePage) => Assert.Equal(Japanese + Russian, Read("<html>", codePage, Japanese + Russian));

    [Fact]
    public void Encodings_that_dotnet_lacks_are_read()
    {
        byte[] bytes = [.. "<meta charset=iso-8859-16><p>"u8, 0xDE, .. "ar"u8, 0xE3, .. " "u8, 0xBA, .. "i ora"u8, 0xBA, .. "</p>"u8];
        Assert.Equal(Romanian, Text(HtmlDecoder.Decode(bytes)));
    }

    [Theory]
    [InlineData("utf-7", "Schr+AOQ-nke")]
    [InlineData("none-such", "Schr\u00E4nke")]
    public void An_encoding_that_is_not_known_is_told(string label, string words) => Assert.Contains(
        $"encoding is '{label}'",
        Assert.Throws<GenQException>(() => HtmlDecoder.Decode(Encoding.Latin1.GetBytes($"<meta charset={label}><p>{words}</p>"))).Message);

    [Fact]
    public void A_page_of_ASCII_is_read_whatever_it_says() => Assert.Equal("Words.", Read("<meta charset=none-such>", 65001, "Words."));

    private static string Read(string head, int codePage, string words) =>
        Text(HtmlDecoder.Decode(Encoding.GetEncoding(codePage).GetBytes($"{head}<p>{words}</p>")));

    private static string Text(string html) => html.Split("<p>")[^1].Split("</p>")[0];
}
