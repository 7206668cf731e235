using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using GenQ.Data;
using GenQ.Text;

namespace GenQ.Tests.Weights;

public sealed class TorchPickleTests : IDisposable
{
    private const string Rebuild = "ctorch._utils\n_rebuild_tensor_v2\n";
    private const string NoHooks = "\x89" + "ccollections\nOrderedDict\n)R";

    // (0, 1, 2, 3, 4, 5) as floats: the storage "0" of every file below.
    private static readonly byte[] Storage = [.. Enumerable.Range(0, 6).SelectMany(i => BitConverter.GetBytes((float)i))];

    private readonly TemporaryFolder _folder = new();

    private string File => _folder["pytorch_model.bin"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Strides_and_offsets_are_followed()
    {
        Write(Dictionary(
            ("all", Window(0, "K\x02K\x03", "K\x03K\x01")),
            ("turned", Window(0, "K\x03K\x02", "K\x01K\x03")),
            ("last", Window(4, "K\x02", "K\x01"))));
        Dictionary<string, float[]> read = Read();
        Assert.Equal([2, 3], TorchPickle.Enumerate(File).First().Info.Shape);
        Assert.Equal([0f, 1, 2, 3, 4, 5], read["all"]);
        Assert.Equal([0f, 3, 1, 4, 2, 5], read["turned"]);
        Assert.Equal([4f, 5], read["last"]);
    }

    [Fact]
    public void A_tensor_is_read_in_pieces_of_any_size()
    {
        Write(Dictionary(("turned", Window(0, "K\x03K\x02", "K\x01K\x03"))));
        float[] numbers = new float[6];
        foreach (StoredTensor stored in TorchPickle.Enumerate(File))
        {
            stored.Read(take =>
            {
                take(MemoryMarshal.AsBytes(numbers.AsSpan(0, 1)));
                take(MemoryMarshal.AsBytes(numbers.AsSpan(1, 3)));
                take(MemoryMarshal.AsBytes(numbers.AsSpan(4)));
            });
        }

        Assert.Equal([0f, 3, 1, 4, 2, 5], numbers);
    }

    [Fact]
    public void Tensors_of_a_shared_storage_do_not_share_their_numbers()
    {
        Write(Dictionary(("a", Window(0, "K\x06", "K\x01")), ("b", Window(0, "K\x06", "K\x01")), ("c", Window(1, "K\x02", "K\x01"))));
        Dictionary<string, float[]> read = Read();
        read["a"][1] = 9;
        Assert.Equal([0f, 1, 2, 3, 4, 5], read["b"]);
        Assert.Equal([1f, 2], read["c"]);
    }

    [Fact]
    public void Parameters_are_read_as_tensors()
    {
        Write(Dictionary(("p", "ctorch._utils\n_rebuild_parameter\n(" + Window(0, "K\x06", "K\x01")
            + "\x88" + "ccollections\nOrderedDict\n)RtR")));
        Assert.Equal(6, Read()["p"].Length);
    }

    [Theory]
    [InlineData("cposix\nsystem\n(" + "X\x04\0\0\0echotR.", "'posix.system'")]
    [InlineData("cos\nsystem\n(" + "X\x04\0\0\0echotR.", "'os.system'")]
    [InlineData("c__builtin__\neval\n.", "'__builtin__.eval'")]
    [InlineData("\x8c\x02os\x8c\x06system\x93.", "'os.system'")]
    [InlineData("ctorch\nComplexFloatStorage\n.", "'torch.ComplexFloatStorage'")]
    [InlineData("ios\nsystem\n.", "the pickle instruction 0x69")]
    [InlineData("ccollections\nOrderedDict\n(K\x01tR.", "a call of 'collections.OrderedDict' with 1 arguments")]
    [InlineData("}X\x05\0\0\0epochK\x03s.", "a number named 'epoch'")]
    [InlineData("K\x03.", "something else than a dictionary of tensors")]
    public void Anything_but_tensors_is_refused_by_its_name(string program, string what)
    {
        Write(program);
        AssertRefused(what + "; only named tensors are read");
    }

    [Fact]
    public void Attributes_are_only_taken_from_a_dictionary()
    {
        Write(Dictionary(("p", Window(0, "K\x06", "K\x01") + "}b")));
        AssertRefused("holds a tensor where");
    }

    [Theory]
    [InlineData("}", "ends early")]
    [InlineData("X\xff\xff\xff\x7f.", "ends early")]
    [InlineData("t.", "takes more than it has put")]
    [InlineData("h\x07.", "recalls what it has not stored")]
    [InlineData("}(K\x01u.", "a key without a value")]
    public void A_broken_program_is_refused_with_its_reason(string program, string reason)
    {
        Write(program);
        AssertRefused(reason);
    }

    [Theory]
    [InlineData("K\x07", "K\x01")]
    [InlineData("K\x02", "K\x06")]
    [InlineData("M\xff\xff", "K\0")]
    [InlineData("J\xff\xff\xff\x7fJ\xff\xff\xff\x7fJ\xff\xff\xff\x7f", "K\0K\0K\0")]
    public void A_tensor_that_reaches_beyond_its_storage_is_refused(string shape, string strides)
    {
        Write(Dictionary(("x", Window(0, shape, strides))));
        AssertRefused("reaches beyond its storage of 6 numbers");
    }

    [Fact]
    public void Numbers_that_are_not_all_there_are_refused()
    {
        Write(Dictionary(("x", Window(0, "K\x06", "K\x01"))), storage: Storage[..20]);
        AssertRefused("the storage of 'x' should hold 6 numbers of F32, got 5");
    }

    [Fact]
    public void Big_endian_files_are_refused()
    {
        Write(Dictionary(("x", Window(0, "K\x06", "K\x01"))), byteOrder: "big");
        AssertRefused("byte order 'big', expected little");
    }

    [Fact]
    public void Files_of_the_time_before_zip_are_refused()
    {
        System.IO.File.WriteAllBytes(File, [0x80, 0x02, 0x8a, 0x0a, 0x6c]);
        AssertRefused("is not a zip file, as torch writes since version 1.6");
    }

    [Fact]
    public void A_zip_that_is_cut_off_is_refused()
    {
        Write(Dictionary(("x", Window(0, "K\x06", "K\x01"))));
        System.IO.File.WriteAllBytes(File, System.IO.File.ReadAllBytes(File)[..^40]);
        AssertRefused("it is cut off");
    }

    [Fact]
    public void A_zip_of_something_else_is_refused()
    {
        using (ZipArchive zip = ZipFile.Open(File, ZipArchiveMode.Create)) zip.CreateEntry("a.txt");
        AssertRefused("it has no data.pkl");
    }

    private void AssertRefused(string reason)
    {
        GenQException e = Assert.Throws<GenQException>(() => Read());
        Assert.Contains(reason, e.Message);
        Assert.Contains("pytorch_model.bin", e.Message);
    }

    private Dictionary<string, float[]> Read() => TorchPickle.Enumerate(File).ToDictionary(
        stored => stored.Info.Name, stored => MemoryMarshal.Cast<byte, float>(stored.ReadBytes()).ToArray());

    private static string Dictionary(params (string Name, string Value)[] items) =>
        "}(" + string.Concat(items.Select(item => $"X{(char)item.Name.Length}\0\0\0{item.Name}{item.Value}")) + "u.";

    private static string Window(int offset, string shape, string strides) =>
        Rebuild + "((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\0" + "0X\x03\0\0\0cpuK\x06tQ"
        + $"K{(char)offset}({shape}t({strides}t" + NoHooks + "tR";

    // Programs are written as Latin-1 texts: a char is a byte.
    private void Write(string program, byte[]? storage = null, string byteOrder = "little")
    {
        using ZipArchive zip = ZipFile.Open(File, ZipArchiveMode.Create);
        Add(zip, "data.pkl", Encoding.Latin1.GetBytes("\x80\x02" + program));
        Add(zip, "byteorder", Encoding.ASCII.GetBytes(byteOrder));
        Add(zip, "data/0", storage ?? Storage);
    }

    private static void Add(ZipArchive zip, string name, byte[] bytes)
    {
        using Stream stream = zip.CreateEntry("archive/" + name, CompressionLevel.NoCompression).Open();
        stream.Write(bytes);
    }
}
