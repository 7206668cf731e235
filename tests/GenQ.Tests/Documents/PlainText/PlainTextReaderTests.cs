using System.Text;
using GenQ.Documents;

namespace GenQ.Tests.Documents;

public sealed class PlainTextReaderTests : DocumentReaderConformanceTests
{
    private const string Words = "Grüße aus Köln: 5 € für „alles“.\nZweite Zeile.";

    private protected override IDocumentReader Reader { get; } = new PlainTextReader();

    private protected override byte[] Sample => Utf8(Words);

    public static TheoryData<string> Encodings => ["utf-8", "utf-16", "utf-16BE", "utf-32", "utf-32BE"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task A_byte_order_mark_names_the_encoding(string name)
    {
        Encoding encoding = Encoding.GetEncoding(name);
        Assert.Equal(Words, (await ReadOneAsync([.. encoding.GetPreamble(), .. encoding.GetBytes(Words)])).Text);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task UTF_16_is_known_without_a_mark(string name) =>
        Assert.Equal("Plain words.", (await ReadOneAsync(Encoding.GetEncoding(name).GetBytes("Plain words."))).Text);

    [Theory]
    [InlineData("Температура склада пять градусов. Каждое утро.")]
    [InlineData("Η θερμοκρασία της αποθήκης είναι πέντε βαθμοί.")]
    [InlineData("倉庫の温度は五度に保ちます。毎朝、扉の鍵を確認してください。")]
    [InlineData("仓库温度保持在五度。\n每天早上检查门锁。")]
    [InlineData("창고 온도는 5도로 유지합니다.")]
    public async Task UTF_16_without_a_mark_is_known_in_every_script(string words)
    {
        Assert.Equal(words, (await ReadOneAsync(Encoding.Unicode.GetBytes(words))).Text);
        Assert.Equal(words, (await ReadOneAsync(Encoding.BigEndianUnicode.GetBytes(words))).Text);
    }

    [Theory]
    [InlineData("Köln “5 €”")]
    [InlineData("It’s “fine” – 5 °C, © 2020 Müller & naïve café… 10½ mm ± 5 %, word—word.")]
    [InlineData("La ville où naît l’œuvre, déjà vu à Noël : « garçon ».")]
    [InlineData("El señor de la función pidió más café. ¿Qué? ¡Sí!")]
    [InlineData("Perché la città è più bella, è vero che non c'è.")]
    [InlineData("A coração do país não é só uma canção, às vezes.")]
    [InlineData("Der Übergrößenträger fährt für die ÄRZTE.")]
    [InlineData("På den gamle bro står der en mand og råber på øl.")]
    [InlineData("One name alone, such as Müller, García or Škoda, stands in a text that is English otherwise, and that is long enough to show it: the pump in the "
        + "cellar is checked every week so that it does not fail, and who turns it off writes it into the book and tells the head of the shift of it. Nobody else "
        + "may turn it on again before the valve was looked at, and the gauge beside the door shows what it should.")]
    public async Task Western_text_that_is_no_UTF_8_is_read_as_Windows_1252(string words) =>
        Assert.Equal(words, (await ReadOneAsync(Bytes("windows-1252", words))).Text);

    [Theory]
    [InlineData("shift_jis", "倉庫の温度は五度に保ちます。毎朝、扉の鍵を確認してください。")]
    [InlineData("euc-jp", "倉庫の温度は五度に保ちます。毎朝、扉の鍵を確認してください。")]
    [InlineData("iso-2022-jp", "倉庫の温度は五度に保ちます。")]
    [InlineData("gb18030", "仓库温度保持在五度。每天早上检查门锁。")]
    [InlineData("big5", "倉庫溫度保持在五度。每天早上檢查門鎖。")]
    [InlineData("ks_c_5601-1987", "창고 온도는 오도로 유지합니다. 매일 아침 문을 확인하십시오.")]
    [InlineData("windows-1251", "Температура склада пять градусов. Каждое утро проверяйте замок.")]
    [InlineData("koi8-r", "Температура склада пять градусов. Каждое утро проверяйте замок.")]
    [InlineData("koi8-u", "Температура складу п'ять градусів. Щоранку перевіряйте її замок.")]
    [InlineData("cp866", "Температура склада пять градусов. Каждое утро проверяйте замок.")]
    [InlineData("iso-8859-5", "Температура склада пять градусов. Каждое утро проверяйте замок.")]
    [InlineData("x-mac-cyrillic", "Температура склада пять градусов. Каждое утро проверяйте замок.")]
    [InlineData("windows-1253", "Η θερμοκρασία της αποθήκης είναι πέντε βαθμοί. Ελέγξτε την κλειδαριά.")]
    [InlineData("windows-1250", "Żółte łódki są gotowe, a drzwi nie dają się zamknąć.")]
    [InlineData("iso-8859-2", "Żółte łódki są gotowe, a drzwi nie dają się zamknąć.")]
    [InlineData("windows-1250", "A zárat minden reggel ellenőrizze az őr, hogy egy ajtó se maradjon nyitva.")]
    [InlineData("windows-1254", "Sıcaklığı her sabah ölçün ve şu deftere yazın; kapının kilidini de denetleyin.")]
    [InlineData("iso-8859-15", "Der Schlüssel kostet 5 € und die Tür 80 €.")]
    [InlineData("iso-8859-15", "Le cœur de la manœuvre est une œuvre à part.")]
    [InlineData("windows-1255", "טמפרטורת המחסן היא חמש מעלות. בדקו את המנעול בכל בוקר.")]
    [InlineData("windows-1256", "درجة حرارة المستودع خمس درجات. افحص القفل كل صباح.")]
    [InlineData("windows-874", "อุณหภูมิของคลังสินค้าคือห้าองศา ตรวจสอบกุญแจทุกเช้า")]
    [InlineData("windows-1250", "Každé ráno zkontrolujte zámek a zapište teplotu do sešitu, nebo zavolejte mistra.")]
    [InlineData("ibm850", "Die Schränke müssen täglich geprüft werden. ┌──┐ │ok│")]
    [InlineData("ibm850", "Les fenêtres doivent être fermées à clé ; la température est contrôlée.")]
    [InlineData("macintosh", "Die Schränke müssen täglich geprüft werden – “immer”.")]
    public async Task Text_of_an_older_encoding_is_read_by_what_it_holds(string encoding, string words) =>
        Assert.Equal(words, (await ReadOneAsync(Bytes(encoding, words))).Text);

    [Theory]
    [InlineData("windows-1250", "kuća")]
    [InlineData("windows-1257", "galvenā")]
    [InlineData("macintosh", "Innehållet")]
    [InlineData("ibm850", "Übung")]
    public async Task What_fits_several_encodings_is_refused_with_what_to_do(string encoding, string words) =>
        Assert.Contains("save it as UTF-8", await FailureAsync(Bytes(encoding, words)), StringComparison.Ordinal);

    [Fact]
    public async Task A_slip_does_not_make_another_encoding_of_UTF_8() => Assert.Equal(
        "für größere Höfe, übermäßig schön – \uFFFD",
        (await ReadOneAsync([.. Utf8("für größere Höfe, übermäßig schön – "), 0x96])).Text);

    [Fact]
    public async Task Half_a_pair_of_UTF_16_in_UTF_8_is_a_slip() =>
        Assert.Equal("words \uFFFD\uFFFD\uFFFD and more", (await ReadOneAsync([.. Utf8("words "), 0xED, 0xA0, 0x80, .. Utf8(" and more")])).Text);

    [Fact]
    public async Task Letters_become_plain_and_passages_hold_them() =>
        Assert.Equal("define the café pump", (await ReadOneAsync(Utf8("de\uFB01ne the \u200Ecafe\u0301\u200F ｐｕｍｐ"))).Text);

    [Fact]
    public async Task Line_ends_become_one_kind_and_soft_hyphens_go() =>
        Assert.Equal("one\ntwo\n\nthree", (await ReadOneAsync(Utf8("one  \r\nt\u00ADwo\r\fthree\r\n\r\n"))).Text);

    [Fact]
    public async Task A_binary_file_is_refused() =>
        Assert.Contains("binary", await FailureAsync([0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 1, 0, 0, 0, 0, 9, 0, 0, 7]));

    [Fact]
    public async Task White_space_alone_gives_no_document() => Assert.Empty(await ReadAsync(Utf8(" \n\t\r\n ")));

    private static byte[] Bytes(string encoding, string words) => CodePagesEncodingProvider.Instance.GetEncoding(encoding) is { } known
        ? known.GetBytes(words)
        : Encoding.GetEncoding(encoding).GetBytes(words);
}
