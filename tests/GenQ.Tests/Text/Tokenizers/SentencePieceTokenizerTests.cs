using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GenQ.Data;
using GenQ.Text;

namespace GenQ.Tests.Tokenization;

public sealed class SentencePieceTokenizerTests : IDisposable
{
    private const int End = 1;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("t5-8k.spiece.model", "spiece.model")]
    [InlineData("t5-8k.tokenizer.json.gz", "tokenizer.json")]
    public void Every_golden_text_has_the_ids_of_SentencePiece_and_the_end(string golden, string name)
    {
        ITokenizer tokenizer = LoadGolden(golden, name);
        Assert.Equal(3189, TokenizerGoldens.Cases.Count);
        TokenizerGoldens.AssertIds(golden => [.. golden.Sentencepiece, End], tokenizer);
    }

    [Fact]
    public void A_checkpoint_s_texts_have_its_ids_also_where_they_are_cut()
    {
        ITokenizer tokenizer = Tokenizer.Load(Shared.Golden("checkpoints", "t5-tiny"));
        Assert.All(
            TokenizerGoldens.Expected(Shared.Golden("checkpoints", "t5-tiny")),
            expected => Assert.Equal(expected.Ids, tokenizer.Encode(expected.Text, maxLength: 24)));
    }

    [Fact]
    public void Truncation_keeps_the_end()
    {
        ITokenizer tokenizer = LoadGolden();
        int[] whole = tokenizer.Encode("What is Python used for?");
        Assert.Equal([.. whole[..3], End], tokenizer.Encode("What is Python used for?", maxLength: 4));
        Assert.Equal([End], tokenizer.Encode("What is Python used for?", maxLength: 1));
        Assert.Equal(whole, tokenizer.Encode("What is Python used for?", maxLength: whole.Length));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Encode("What?", maxLength: 0));
    }

    [Theory]
    [InlineData("t5-8k.spiece.model", "spiece.model")]
    [InlineData("t5-8k.tokenizer.json.gz", "tokenizer.json")]
    public void Special_tokens_in_a_text_are_text(string golden, string name)
    {
        ITokenizer tokenizer = LoadGolden(golden, name);
        int[] ids = tokenizer.Encode("a </s> <pad> <unk> <extra_id_0>");
        Assert.Equal(End, Assert.Single(ids, id => id is 0 or End or >= 8000));
    }

    [Fact]
    public void An_empty_text_is_its_end() => Assert.Equal([End], LoadGolden().Encode(""));

    [Fact]
    public void Decoding_gives_the_text_back_without_the_space_in_front()
    {
        ITokenizer tokenizer = LoadGolden();
        const string text = "The Normans gave their name to Normandy, a region in France.";
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    [Fact]
    public void Decoding_leaves_out_special_ids_and_ids_outside_the_vocabulary()
    {
        ITokenizer tokenizer = LoadGolden("t5-8k.tokenizer.json.gz", "tokenizer.json");
        int[] ids = tokenizer.Encode("a walk");
        Assert.Equal("a walk", tokenizer.Decode([0, .. ids[..1], 2, 8099, 8100, -1, .. ids[1..], 0, 0]));
    }

    [Fact]
    public void The_files_say_the_special_ids()
    {
        ITokenizer tokenizer = LoadGolden("t5-8k.tokenizer.json.gz", "tokenizer.json");
        Assert.Equal((0, 2, 1, 8100), (tokenizer.PadId, tokenizer.UnknownId, tokenizer.SpecialTokenCount, tokenizer.VocabularySize));
    }

    [Fact]
    public void A_model_file_has_the_sentinels_that_its_config_says()
    {
        Assert.Equal(8000, LoadGolden().VocabularySize);
        File.WriteAllText(_folder["tokenizer_config.json"], """{"extra_ids": 100}""");
        Assert.Equal(8100, Tokenizer.Load(_folder.Path).VocabularySize);
    }

    [Fact]
    public void Tokens_added_behind_a_model_file_are_found_in_a_text_and_written_again()
    {
        LoadGolden();
        File.WriteAllText(_folder["tokenizer_config.json"], """
            {"extra_ids": 100, "added_tokens_decoder": {"1": {"content": "</s>", "special": true}, "8100": {"content": "<hl>", "special": false}}}
            """);
        ITokenizer tokenizer = Tokenizer.Load(_folder.Path);
        Assert.Equal(8101, tokenizer.VocabularySize);
        int[] ids = tokenizer.Encode("what is <hl> python <hl>");
        Assert.Equal(2, ids.Count(id => id == 8100));
        Assert.Equal("what is <hl> python <hl>", tokenizer.Decode(ids));
    }

    [Fact]
    public void An_added_token_with_an_id_that_no_vocabulary_has_is_named()
    {
        LoadGolden();
        File.WriteAllText(_folder["tokenizer_config.json"], """{"added_tokens_decoder": {"2000000000": {"content": "<hl>"}}}""");
        Assert.Contains("'<hl>' has the id 2000000000", Assert.Throws<GenQException>(() => Tokenizer.Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_threads_share_a_tokenizer()
    {
        ITokenizer tokenizer = LoadGolden();
        Parallel.For(0, 4, _ => TokenizerGoldens.AssertIds(golden => [.. golden.Sentencepiece, End], tokenizer));
    }

    [Fact]
    public void The_likeliest_pieces_win_not_the_longest()
    {
        // "▁ab" + "c" = -6 against "▁a" + "bc" = -5.
        WriteUnigram(("▁ab", -3), ("c", -3), ("▁a", -2), ("bc", -3));
        Assert.Equal([5, 6, End], Tokenizer.Load(_folder.Path).Encode("abc"));
    }

    [Fact]
    public void Neighbouring_unknown_characters_are_one_id()
    {
        WriteUnigram(("▁", -1), ("a", -1));
        Assert.Equal([3, 4, 2, 4, 2, End], Tokenizer.Load(_folder.Path).Encode("a日本a\u0001"));
    }

    [Fact]
    public void Spaces_at_the_ends_go_and_runs_of_spaces_become_one()
    {
        WriteUnigram(("▁", -1), ("a", -1));
        Assert.Equal([3, 4, 3, 4, End], Tokenizer.Load(_folder.Path).Encode("  a   a  "));
        Assert.Equal([End], Tokenizer.Load(_folder.Path).Encode("   "));
    }

    [Fact]
    public void Byte_fallback_spells_unknown_characters_in_bytes_and_back()
    {
        WriteUnigram([("▁", -1), ("a", -1), .. Enumerable.Range(0, 256).Select(value => ($"<0x{value:X2}>", 0f))], byteFallback: true);
        ITokenizer tokenizer = Tokenizer.Load(_folder.Path);
        int[] ids = tokenizer.Encode("aéa");
        Assert.Equal([3, 4, 5 + 0xC3, 5 + 0xA9, 4, End], ids);
        Assert.Equal("aéa", tokenizer.Decode(ids));
    }

    [Fact]
    public void Tokens_that_were_added_as_text_always_become_one_piece()
    {
        WriteUnigram([("▁", -1), ("a", -1), ("b", -2), ("ab", -9)], addedText: 6);
        Assert.Equal([3, 4, 6, 5, End], Tokenizer.Load(_folder.Path).Encode("aabb"));

        // Also against a likely piece that reaches into it, and where every normal piece is far less likely.
        WriteUnigram([("▁", -3), ("▁query", -11), ("query", -9)], addedText: 5);
        Assert.Equal([3, 5, End], Tokenizer.Load(_folder.Path).Encode("query"));
    }

    [Fact]
    public void Truncation_and_padding_of_a_tokenizer_json_are_read_past_and_not_saved()
    {
        ITokenizer whole = LoadGolden("t5-8k.tokenizer.json.gz", "tokenizer.json");
        JsonNode json = JsonNode.Parse(File.ReadAllText(_folder["tokenizer.json"]))!;
        json["truncation"] = JsonNode.Parse("""{"max_length": 4, "strategy": "LongestFirst", "stride": 0, "direction": "Right"}""");
        json["padding"] = JsonNode.Parse("""{"strategy": {"Fixed": 4}, "direction": "Right", "pad_id": 0, "pad_token": "<pad>"}""");
        File.WriteAllText(_folder["tokenizer.json"], json.ToJsonString());

        ITokenizer tokenizer = Tokenizer.Load(_folder.Path);
        Assert.Equal(whole.Encode("What is Python used for?"), tokenizer.Encode("What is Python used for?"));
        tokenizer.Save(_folder["saved"]);
        JsonNode saved = JsonNode.Parse(File.ReadAllText(_folder["saved", "tokenizer.json"]))!;
        Assert.Null(saved["truncation"]);
        Assert.Null(saved["padding"]);
        Assert.Equal(whole.Encode("“ﬁne”"), Tokenizer.Load(_folder["saved"]).Encode("“ﬁne”"));
    }

    [Fact]
    public void Saving_keeps_the_model_file_byte_for_byte()
    {
        LoadGolden().Save(_folder["saved"]);
        Assert.Equal(File.ReadAllBytes(_folder["spiece.model"]), File.ReadAllBytes(_folder["saved", "spiece.model"]));
    }

    [Fact]
    public void A_damaged_model_file_is_named()
    {
        byte[] whole = File.ReadAllBytes(Shared.Golden("tokenizers", "t5-8k.spiece.model"));
        File.WriteAllBytes(_folder["spiece.model"], whole[..^7]);
        GenQException e = Assert.Throws<GenQException>(() => Tokenizer.Load(_folder.Path));
        Assert.Contains(_folder["spiece.model"], e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_file_of_another_type_is_refused_by_name()
    {
        // trainer_spec (field 2) { model_type (field 3): 2 }
        File.WriteAllBytes(_folder["spiece.model"], [0x12, 0x02, 0x18, 0x02]);
        GenQException e = Assert.Throws<GenQException>(() => Tokenizer.Load(_folder.Path));
        Assert.Contains("BPE", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokenizer.json")]
    [InlineData("sentencepiece.bpe.model")]
    public void XLM_R_s_texts_have_the_ids_of_the_reference_from_either_file(string name)
    {
        string checkpoint = Shared.Golden("checkpoints", "xlm-roberta-tiny");
        if (name == "tokenizer.json") File.Copy(Path.Combine(checkpoint, name), _folder[name]);
        else WriteModelFile(Path.Combine(checkpoint, "tokenizer.json"), _folder[name]);
        ITokenizer tokenizer = Tokenizer.Load(_folder.Path);
        Assert.Equal((1, 3, 2, 8002), (tokenizer.PadId, tokenizer.UnknownId, tokenizer.SpecialTokenCount, tokenizer.VocabularySize));
        Assert.All(
            TokenizerGoldens.Expected(checkpoint), expected => Assert.Equal(expected.Ids, tokenizer.Encode(expected.Text, maxLength: 48)));
        tokenizer.Save(_folder["saved"]);
        Assert.Equal(tokenizer.Encode("Tundra & Taiga"), Tokenizer.Load(_folder["saved"]).Encode("Tundra & Taiga"));
    }

    [Fact]
    public void A_CamemBERT_s_model_file_alone_is_refused()
    {
        WriteModelFile(Shared.Golden("checkpoints", "xlm-roberta-tiny", "tokenizer.json"), _folder["sentencepiece.bpe.model"]);
        File.WriteAllText(_folder["config.json"], """{"model_type": "camembert"}""");
        GenQException e = Assert.Throws<GenQException>(() => Tokenizer.Load(_folder.Path));
        Assert.Contains("CamemBERT's ids are not told by it alone; bring the model's tokenizer.json", e.Message, StringComparison.Ordinal);
        File.WriteAllText(_folder["config.json"], "{");
        e = Assert.Throws<GenQException>(() => Tokenizer.Load(_folder.Path));
        Assert.Contains("config.json' is not valid JSON", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_file_that_does_not_begin_as_fairseq_s_is_refused()
    {
        TokenizerGoldens.Place("t5-8k.spiece.model", _folder, "sentencepiece.bpe.model");
        GenQException e = Assert.Throws<GenQException>(() => Tokenizer.Load(_folder.Path));
        Assert.Contains("its first pieces should be <unk>, <s>, </s>", e.Message, StringComparison.Ordinal);
    }

    // The model file that XLM-R's tokenizer.json was made of: its own three special pieces, then all pieces but fairseq's, and the rules.
    private static void WriteModelFile(string tokenizerJson, string file)
    {
        JsonNode json = JsonNode.Parse(File.ReadAllText(tokenizerJson))!;
        (string Text, float Score)[] pieces =
            [.. json["model"]!["vocab"]!.AsArray().Select(piece => (piece![0]!.GetValue<string>(), piece[1]!.GetValue<float>())).Where(piece => piece.Item1 != "<mask>")];
        using FileStream stream = File.Create(file);
        WriteField(stream, 1, Piece("<unk>", 0, 2));
        WriteField(stream, 1, Piece("<s>", 0, 3));
        WriteField(stream, 1, Piece("</s>", 0, 3));
        foreach ((string text, float score) in pieces.Skip(4)) WriteField(stream, 1, Piece(text, score, 1));
        using MemoryStream rules = new();
        WriteField(rules, 2, Convert.FromBase64String(json["normalizer"]!["precompiled_charsmap"]!.GetValue<string>()));
        WriteField(stream, 3, rules.ToArray());

        static byte[] Piece(string text, float score, byte type)
        {
            using MemoryStream piece = new();
            WriteField(piece, 1, Encoding.UTF8.GetBytes(text));
            piece.Write([(2 << 3) | 5, .. BitConverter.GetBytes(score), 3 << 3, type]);
            return piece.ToArray();
        }
    }

    // A length-delimited field of protocol buffers.
    private static void WriteField(Stream stream, int number, byte[] content)
    {
        stream.WriteByte((byte)((number << 3) | 2));
        uint length = (uint)content.Length;
        for (; length >= 0x80; length >>= 7) stream.WriteByte((byte)(length | 0x80));
        stream.WriteByte((byte)length);
        stream.Write(content);
    }

    private ITokenizer LoadGolden(string golden = "t5-8k.spiece.model", string name = "spiece.model")
    {
        TokenizerGoldens.Place(golden, _folder, name);
        return Tokenizer.Load(_folder.Path);
    }

    private void WriteUnigram(params (string Piece, float Score)[] pieces) => WriteUnigram(pieces, byteFallback: false);

    // <pad> 0, </s> 1, <unk> 2, then the pieces; no normalization rules.
    private void WriteUnigram((string Piece, float Score)[] pieces, bool byteFallback = false, int? addedText = null)
    {
        (string Piece, float Score)[] all = [("<pad>", 0), ("</s>", 0), ("<unk>", 0), .. pieces];
        object Added(int id, bool special) => new { id, content = all[id].Piece, special };
        List<object> added = [Added(0, true), Added(1, true), Added(2, true)];
        if (addedText is { } text) added.Add(Added(text, false));
        string json = JsonSerializer.Serialize(new
        {
            added_tokens = added,
            pre_tokenizer = new { type = "Metaspace", prepend_scheme = "always" },
            post_processor = new
            {
                type = "TemplateProcessing",
                single = new object[] { new { Sequence = new { id = "A" } }, new { SpecialToken = new { id = "</s>" } } },
                special_tokens = new Dictionary<string, object> { ["</s>"] = new { ids = new[] { End } } },
            },
            model = new
            {
                type = "Unigram",
                unk_id = 2,
                byte_fallback = byteFallback,
                vocab = all.Select(piece => new object[] { piece.Piece, piece.Score }),
            },
        });
        File.WriteAllText(_folder["tokenizer.json"], json);
    }
}
