using System.IO.Compression;
using System.Text;
using GenQ.Data;
using GenQ.Documents;
using GenQ.Filtering;
using GenQ.Models;
using GenQ.Onnx;
using GenQ.Retrieval;
using GenQ.Text;

namespace GenQ.Tests.Fuzzing;

/// <summary>Every parser that GenQ wrote, or calls in its own process.</summary>
internal static class FuzzTargets
{
    // Divides the files of a folder in one input.
    private const char Next = '\u001E';

    private const string Words = "The pump of the cooling circuit is switched on when the water rises above sixty degrees. If the red lamp blinks, the filter is blocked. ";

    private const string WordPiece =
        """{"version":"1.0","added_tokens":[{"id":0,"content":"<s>","lstrip":false,"rstrip":false,"normalized":false,"single_word":true,"special":true},{"id":4,"content":"<mask>","lstrip":true,"special":true}],"normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},"pre_tokenizer":{"type":"BertPreTokenizer"},"post_processor":{"type":"RobertaProcessing","sep":["</s>",2],"cls":["<s>",0]},"model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":{"<s>":0,"<pad>":1,"</s>":2,"[UNK]":3,"<mask>":4,"hello":5,"world":6,"##s":7,"a":8,"'":9}}}""";

    private const string Unigram =
        """{"added_tokens":[{"id":2,"content":"<unk>","special":true}],"normalizer":{"type":"Sequence","normalizers":[{"type":"Precompiled","precompiled_charsmap":"CAAAAAAAAAAAAAAAeAA="},{"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "}]},"pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"WhitespaceSplit"},{"type":"Metaspace","replacement":"▁","add_prefix_space":true}]},"post_processor":{"type":"TemplateProcessing","single":[{"Sequence":{"id":"A"}},{"SpecialToken":{"id":"</s>"}}],"special_tokens":{"</s>":{"ids":[1]}}},"model":{"type":"Unigram","unk_id":2,"byte_fallback":false,"vocab":[["<pad>",0],["</s>",0],["<unk>",0],["▁",-2],["▁hello",-3.5],["w",-3],["o",-4]]}}""";

    private const string Spoken = "hello worlds, wie geht's \u00e9\u6f22 \U0001F600 <mask> <x> aaaa";

    private const string Html =
        """<!DOCTYPE html><html lang=en><head><title>A &amp; B</title><meta charset=utf-8></head><body class="x nav"><nav><a href=x>menu</a></nav><article><h2 id=a>Head <a class=headerlink href=#a>¶</a></h2><p>Text <b>bold <i>both</b> it</i> &nbsp; x<sup>2</sup><br>line<table><tr><td>a<td>b</table><pre>	code</pre><svg><g>x</g></svg><ul><li>a<li>b</ul></article><form><input type=search></form><footer>©</footer>""";

    private const string Markdown =
        "---\ntitle: \"The Title\"\n---\n\nHead\n====\n\n> [!NOTE]\n> quoted *text* with `code` and [a link](http://x.y \"t\") ![img](z)\n\n1. one\n   - two\n     - [x] three\n\nTerm\n: definition\n\n+---+---+\n| a | b |\n+===+===+\n| c | d |\n+---+---+\n\na | b\n--|--:\n1 | 2\n\n::: warning\nbox\n:::\n\nText[^1] ~~gone~~ <b>html</b> List<int> &amp; std::vector\n\n[^1]: note\n[ref]: /url \"t\"\n\n    code\n\n~~~cs\nfence\n~~~\n\n***\n<div>\nhtml\n</div>\n";

    private const string Xml =
        """<?xml version="1.0" encoding="utf-8"?><doc><assembly><name>X</name></assembly><members><member name="T:A.B`2"><typeparam name="TKey">k</typeparam><summary>A <see cref="T:System.List`2"/> of <paramref name="x"/>.</summary></member><member name="M:A.B`2.#ctor(`0,System.Int32@)"><summary>New.</summary><exception cref="T:E">bad</exception></member><member name="M:A.B`2.C``1(``0,System.Func{`0,`1})"><summary>C<code> x</code></summary><remarks><list type="bullet"><item><term>t</term><description>d</description></item></list></remarks></member></members></doc>""";

    private const string Corpus = """{"_id": "p0", "title": "t", "text": "The pump.", "metadata": {"source": "s", "document": "d", "page": 1, "start": 0, "end": 5}}""" + "\n" + """{"_id": 5, "text": "q \"z\" \ud83d\ude00", "title": null}""" + "\n";

    private const string Modules = """[{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}, {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]""";

    private const string Mpnet = """{"model_type": "mpnet", "vocab_size": 100, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64, "hidden_act": "gelu", "layer_norm_eps": 1e-05, "max_position_embeddings": 66, "pad_token_id": 1, "relative_attention_num_buckets": 32, "hidden_dropout_prob": 0.1}""";

    private static readonly PassageSplitter Splitter = new();

    /// <summary>The parsers.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("safetensors", [FuzzSeeds.SafeTensors()], (bytes, folder) => ReadAll(SafeTensors.Enumerate(Put(folder, "x.safetensors", bytes)))),
        new("pickle", [FuzzSeeds.Pickle()], (bytes, _) => TensorUnpickler.Run(bytes, "x")),
        new("torch", [FuzzSeeds.Torch(CompressionLevel.NoCompression), FuzzSeeds.Torch(CompressionLevel.Fastest)], (bytes, folder) => ReadAll(TorchPickle.Enumerate(Put(folder, "x.bin", bytes)))),
        new("weights index", Texts("""{"metadata": {"total_size": 5}, "weight_map": {"a": "a.safetensors", "b": "b.safetensors"}}"""), (bytes, folder) =>
        {
            Put(folder, "a.safetensors", FuzzSeeds.SafeTensors());
            Put(folder, "b.safetensors", FuzzSeeds.SafeTensors());
            WeightFiles.Names(Below(folder, "model.safetensors.index.json", bytes));
        }),
        new("sentencepiece", [FuzzSeeds.SentencePiece()], (bytes, folder) => Speak(Below(folder, "spiece.model", bytes))),
        new("tokenizer.json", Texts(WordPiece, Unigram), (bytes, folder) => Speak(Below(folder, "tokenizer.json", bytes))),
        new("vocab.txt", Texts("[PAD]\n[CLS]\n[SEP]\n[UNK]\n[MASK]\nhello\nworld\n##s\n"), (bytes, folder) => Speak(Below(folder, "vocab.txt", bytes))),
        new("tokenizer_config.json", Texts("""{"do_lower_case": true, "strip_accents": null, "cls_token": "[CLS]", "sep_token": {"content": "[SEP]"}, "pad_token": "[PAD]", "unk_token": "[UNK]", "model_max_length": 512, "extra_ids": 10, "added_tokens_decoder": {"4": {"content": "[MASK]", "lstrip": true, "special": true}}}"""), (bytes, folder) =>
        {
            Put(folder, "vocab.txt", "[PAD]\n[CLS]\n[SEP]\n[UNK]\n[MASK]\nhello\n"u8.ToArray());
            Speak(Below(folder, "tokenizer_config.json", bytes));
        }),
        new("sentence-transformers folder", Texts(string.Join(Next, Modules, Mpnet, """{"max_seq_length": 64, "do_lower_case": false}""", """{"pooling_mode_mean_tokens": true}""", """{"prompts": {"query": "q: "}, "default_prompt_name": "query"}"""), string.Join(Next, Modules, Mpnet, "{}", """{"pooling_mode": "cls"}""", "{}")), (bytes, folder) =>
        {
            PutAll(folder, bytes, "modules.json", "config.json", "sentence_bert_config.json", "1_Pooling/config.json", "config_sentence_transformers.json");
            SentenceTransformersFolder read = SentenceTransformersFolder.Read(folder.Path);
            _ = read.QueryPrompt + read.PassagePrompt + read.DefaultPrompt;
            read.Write(folder["written"], 128, 32, "MPNetModel");
        }),
        new("encoder's config.json", Texts(Mpnet, Mpnet.Replace("mpnet", "bert", StringComparison.Ordinal), Mpnet.Replace("mpnet", "xlm-roberta", StringComparison.Ordinal), """{"model_type": "distilbert", "dim": 32, "n_heads": 4, "n_layers": 2, "activation": "gelu"}"""), (bytes, folder) => _ = EncoderFamilies.Read(Put(folder, "config.json", bytes)).Tensors.Count),
        new("T5's config.json", Texts("""{"model_type": "t5", "d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_decoder_layers": null, "num_heads": 4, "vocab_size": 100, "feed_forward_proj": "relu", "tie_word_embeddings": true, "decoder_start_token_id": 0, "task_specific_params": {"q": {"prefix": "q: ", "num_return_sequences": 2}}}"""), (bytes, folder) => _ = T5Config.Load(Below(folder, "config.json", bytes)).Tensors.Count),
        new("generation_config.json", Texts("""{"do_sample": true, "temperature": 0.7, "top_k": 0, "top_p": 0.9, "max_length": 32, "num_return_sequences": 5, "logprob_threshold": -0.7, "only_known_words": true}"""), (bytes, folder) => DecodingOptions.Of(Below(folder, "generation_config.json", bytes))),
        new("genq-onnx.json", Texts("""{"format": 1, "family": "mpnet", "model": "m", "model_hash": "h", "opset": 20, "weights": "fp32", "weight_bytes": 5, "dimensions": 32, "max_sequence_length": 64, "vocabulary_size": 100, "lower_case": false, "pooling": "mean", "normalize": true, "prompts": {"query": "", "passage": "", "text": ""}}"""), (bytes, folder) => OnnxDescription.Read(Below(folder, "genq-onnx.json", bytes))),
        Reader("text", new PlainTextReader(), "x.txt", Words, $"Dr. Smith said: \"No. 5!\" He left.\n- a list\n- of items\n\n1. One 2. Two... Three?! \u3002\u6f22\u5b57\u3002 x\f\fy\r\nz\n{Words}"),
        Reader("Markdown", new MarkdownReader(), "x.md", Markdown),
        Reader("HTML", new HtmlReader(), "x.html", Html),
        Reader("XHTML", new HtmlReader(), "x.xhtml", """<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title></head><body><div id="a"/><h1>A</h1><p>text <a id="x"/>more<br/></p></body></html>"""),
        Reader("XML documentation", new XmlDocumentationReader(), "x.xml", Xml),
        new("encodings", [.. Texts("caf\u00e9 na\u00efve text"), Encoding.Unicode.GetBytes("hello world there"), Encoding.UTF32.GetBytes("hello"), Encoding.Latin1.GetBytes("caf\u00e9 x")], (bytes, _) => TextDecoder.Decode(bytes)),
        new("gzip", [FuzzSeeds.Gzip("line one\nline two\n"), [.. FuzzSeeds.Gzip("x\n"), .. FuzzSeeds.Gzip("y\n")]], (bytes, folder) => InputFile.Lines(Put(folder, "x.gz", bytes)).Count()),
        new("SQuAD", Texts("""{"version": "1.1", "data": [{"title": "T", "paragraphs": [{"context": "Some words.", "qas": [{"id": "1", "question": "what", "answers": [{"text": "a", "answer_start": 0}]}]}, {"context": "Some words.", "qas": null}]}]}"""), (bytes, folder) => SquadFile.ReadTask(Put(folder, "x.json", bytes))),
        new("BEIR", Texts(string.Join(Next, Corpus, """{"_id": "q1", "text": "the pump"}""" + "\n", "query-id\tcorpus-id\tscore\nq1\tp0\t1\nq1\t5\t2\n")), (bytes, folder) =>
        {
            PutAll(folder, bytes, "b/corpus.jsonl", "b/queries.jsonl", "b/qrels/test.tsv");
            BeirFolder.Read(folder["b"]);
        }),
        new("passages", Texts(Corpus), (bytes, folder) =>
        {
            Passage[] read = [.. PassageFile.Read(Put(folder, "p.jsonl", bytes))];
            PassageFile.Write(folder["again.jsonl"], read);
            Assert.Equal(read, PassageFile.Read(folder["again.jsonl"]));
        }),
        new("pairs", Texts(string.Join(Next, "q one\tp one\nq two\tp two\n\tempty\n", """{"passage": "a", "sample": 0, "kind": "generated", "log_probability": -5.5}""" + "\n" + """{"passage": "a", "sample": 1, "kind": "cropped"}""" + "\n")), (bytes, folder) =>
        {
            PutAll(folder, bytes, "pairs_0000.tsv", "pairs_0000.jsonl");
            _ = PairFiles.Read(folder.Path).Count() + PairFiles.ReadWithOrigins(folder.Path, 0).Count();
        }),
        new("filter", Texts(string.Concat(Enumerable.Range(0, 4).Select(i => $$"""{"pair": {{i}}, "verdict": "Kept"}""" + "\n"))), (bytes, folder) => FilterFile.Keep(Put(folder, "f.jsonl", bytes), Enumerable.Repeat(new QueryPassagePair("a", "b"), 4)).Count()),
        new("BM25 index", [FuzzSeeds.Bm25()], (bytes, folder) =>
        {
            Bm25Index index = Bm25Index.Load(Put(folder, "x.bm25", bytes));

            // Whoever opens a run compares it with the passages.
            if (index.Count > 1000) return;
            Assert.All(index.Search("pump valve", 5), hit => Assert.InRange(hit.Passage, 0, index.Count - 1));
        }),
    ];

    private static FuzzTarget Reader(string name, IDocumentReader reader, string source, params string[] seeds) => new(name, Texts(seeds), (bytes, _) =>
    {
        using MemoryStream stream = new(bytes);
        foreach (Document document in reader.ReadAsync(stream, source).ToBlockingEnumerable())
        {
            Assert.All(document.Sections, section => Assert.Equal(section.Heading, document.Text.Substring(section.Start, section.Heading.Length)));
            Assert.All(Splitter.Split(document), passage => Assert.Equal(passage.Text, document.Text[passage.Origin!.Start..passage.Origin.End]));
        }
    });

    private static void Speak(string folder)
    {
        ITokenizer tokenizer = Tokenizer.Load(folder);
        tokenizer.Decode(tokenizer.Encode(Spoken));
        tokenizer.Encode("");
        tokenizer.Save(Path.Combine(folder, "saved"));
    }

    private static void ReadAll(IEnumerable<StoredTensor> tensors)
    {
        foreach (StoredTensor tensor in tensors) tensor.ReadBytes();
    }

    private static byte[][] Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    private static string Below(TemporaryFolder folder, string name, byte[] bytes) => Path.GetDirectoryName(Put(folder, name, bytes))!;

    private static string Put(TemporaryFolder folder, string name, byte[] bytes)
    {
        string path = folder[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static void PutAll(TemporaryFolder folder, byte[] bytes, params string[] names)
    {
        foreach (string name in names)
        {
            int end = Array.IndexOf(bytes, (byte)Next);
            Put(folder, name, end < 0 ? bytes : bytes[..end]);
            bytes = end < 0 ? [] : bytes[(end + 1)..];
        }
    }
}
