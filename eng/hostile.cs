#:property RestorePackagesWithLockFile=false
#:property PublishAot=false
// Hostile inputs for the command, made and run: dotnet run eng/hostile.cs CLI.DLL REPOSITORY FOLDER COUNT [PREFIX]. Each run may take 10 s of processor time
// and 1 GB; it must end by itself, with a message that a person can read, and one bad document must not cost its neighbour. Exit code 1 where one does not.
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

(string cli, string repository, string folder, int count) = (args[0], args[1], args[2], int.Parse(args[3], CultureInfo.InvariantCulture));
string prefix = args.Length > 4 ? args[4] : "";
string checkpoints = Path.Combine(repository, "tests", "Golden", "checkpoints");
const string Sentence = "The pump of the cooling circuit is switched on when the water rises above sixty degrees. If the red lamp blinks, the filter is blocked. ";
List<Case> cases = [];

Documents();
Data();
Models();
Mutations();
Run();
return Result.Bad.Count == 0 ? 0 : 1;

void Documents()
{
    Dictionary<string, string> texts = new()
    {
        ["empty"] = "", ["nul"] = "\0", ["nuls"] = new('\0', 1_000_000), ["one-line"] = new('a', 20_000_000), ["one-line-of-words"] = Times("word ", 4_000_000),
        ["marks"] = Times("word ", 200) + new string('!', 1_000_000) + "x", ["dots"] = Times("word ", 200) + new string('.', 1_000_000) + " end",
        ["marks-and-space"] = Times("word! ", 300_000), ["line-ends"] = "a" + new string('\n', 2_000_000) + "b", ["blank-lines"] = "a" + Times("\n ", 1_000_000) + "b",
        ["spaces"] = "a" + new string(' ', 5_000_000) + "b", ["form-feeds"] = "a" + new string('\f', 1_000_000) + "b", ["accents"] = "a" + new string('\u0301', 1_000_000),
        ["sentences"] = Times("Ab. Cd! ", 150_000), ["paragraphs"] = Times("word\n\n", 300_000), ["closings"] = "Word." + new string(')', 1_000_000) + " next",
        ["returns"] = Times(Sentence + "\r", 50), ["ideographs"] = new('\u6f22', 1_000_000), ["emoji"] = Times("\U0001F468\u200d\U0001F469", 50_000), ["marks-of-direction"] = Times("\u202e\u200b\ufeff\u2066word ", 20_000),
        ["numbered"] = Times("1. ", 300_000), ["bullets"] = Times("\n- a", 300_000), ["too-large"] = new('a', 40_000_000),
    };
    foreach ((string name, string text) in texts) Document("text", name, "x.txt", text);
    foreach ((string name, string part, int times) in ((string, string, int)[])
    [
        ("quotes", ">", 100_000), ("quotes-apart", "> ", 100_000), ("brackets", "[", 100_000), ("links", "[a](b", 50_000), ("whole-links", "[a](b) ", 50_000), ("images", "![a](", 50_000),
        ("stars", "*", 100_000), ("star-words", "*a ", 100_000), ("mixed", "*a_b", 50_000), ("ticks", "`", 100_000), ("dashes", "- ", 20_000), ("ordered", "1. ", 20_000), ("hashes", "#", 100_000),
        ("headings", "# a\n", 20_000), ("pipes", "|", 100_000), ("rows", "a|b\n-|-\n", 20_000), ("comments", "<!--", 50_000), ("open-tags", "<a ", 100_000), ("less", "<", 100_000), ("entities", "&#x", 100_000),
        ("backslashes", "\\", 100_000), ("colons", ":::\n", 50_000), ("definitions", "a\n: b\n", 20_000), ("grids", "+---+---+\n| a | b |\n", 2000), ("tildes", "~~a", 100_000), ("addresses", "http://a.b ", 50_000),
        ("www", "www.", 50_000), ("footnotes", "[^1]", 50_000), ("references", "[a]: <", 50_000), ("alerts", "> [!NOTE]\n> a\n\n", 5000), ("divs", "<div>\n\n", 30_000), ("underlined", "a\n=\n", 50_000), ("tasks", "- [ ] a\n", 50_000), ("quoted-lists", "> - ", 30_000),
    ]) Document("markdown", name, "x.md", Times(part, times) + "x\n");
    Document("markdown", "indented", "x.md", string.Concat(Enumerable.Range(0, 1500).Select(i => new string(' ', 2 * i) + "- a\n")));
    Document("markdown", "metadata-without-end", "x.md", "---\ntitle: x\n" + Times("a: b\n", 200_000));
    Document("markdown", "nested-metadata", "x.md", "---\na: " + new string('[', 50_000) + "\n---\ntext");
    foreach ((string name, string part, int times) in ((string, string, int)[])
    [
        ("div", "<div>", 100_000), ("b", "<b>", 100_000), ("span", "<span>", 100_000), ("table", "<table><tr><td>", 50_000), ("a", "<a href=1>x", 100_000), ("font-p", "<font><p>", 3000), ("b-p", "<b><p>", 20_000), ("a-div", "<a><div>", 20_000), ("nobr", "<nobr>", 20_000),
        ("comments", "<!-- -->", 100_000), ("attributes", "<p a=1 b=2 c=3>", 100_000), ("entities", "&amp;&notit;&#x110000;&#0;", 100_000), ("svg", "<svg><g>", 50_000), ("math", "<math><mi>", 50_000), ("template", "<template>", 50_000), ("select", "<select><option>", 50_000), ("p", "<p>x</p>", 300_000), ("li", "<li>a", 100_000),
        ("h", "<h1><h2>", 50_000), ("lists", "<ul><li>", 30_000), ("article", "<article>", 30_000), ("form", "<form><div>", 30_000), ("cdata", "<![CDATA[", 100_000), ("less", "<", 1_000_000), ("bogus", "</", 500_000), ("frames", "<frameset><frame>", 20_000), ("ruby", "<ruby><rt>", 20_000), ("dl", "<dl><dt><dd>", 20_000), ("ends", "</b></i></p>", 70_000), ("buttons", "<button><p>", 20_000), ("header", "<header>", 1900),
    ]) Document("html", name, "x.html", $"<!DOCTYPE html><html><head><title>t</title></head><body>{Times(part, times)}x</body></html>");
    Document("html", "classes", "x.html", $"<p class='{string.Join(' ', Enumerable.Range(0, 500_000).Select(i => "c" + i))}'>x");
    Document("html", "tabs", "x.html", "<pre>a" + new string('\t', 20_000_000) + "b</pre>");
    Document("html", "attribute", "x.html", "<p title='" + new string('a', 20_000_000) + "'>x</p>");
    foreach (string charset in (string[])["utf-7", "utf-16", "x-user-defined", "iso-2022-jp", new('a', 900), "65001", "-1"])
        Document("html", "charset-" + charset[..Math.Min(14, charset.Length)], "x.html", (byte[])[.. Bytes($"<meta charset=\"{charset}\"><p>"), .. Enumerable.Repeat((byte)0xE9, 900)]);
    Document("xhtml", "tag-without-end", "x.xhtml", "<?xml version=\"1.0\"?><html><body><p>x <" + new string('a', 2_000_000) + "</p></body></html>");
    Document("xhtml", "tags-without-end", "x.xhtml", "<?xml version=\"1.0\"?><html><body>" + Times("<a b", 50_000));
    string Members(string inner) => $"<?xml version=\"1.0\"?><doc><assembly><name>A</name></assembly><members>{inner}</members></doc>";
    string entities = string.Concat(Enumerable.Range(1, 9).Select(i => $"<!ENTITY l{i} \"{Times($"&l{i - 1};", 10)}\">"));
    foreach ((string name, string xml) in ((string, string)[])
    [
        ("laughs", $"<!DOCTYPE d [<!ENTITY l0 \"l\">{entities}]>" + Members("<member name='T:A'><summary>&l9;</summary></member>")), ("external", "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" + Members("<member name='T:A'><summary>&x;</summary></member>")),
        ("nested", Members(Times("<a>", 50_000) + Times("</a>", 50_000))), ("without-end", Times("<a>", 300_000)), ("same", Members(Times("<member name='T:A'><summary>w</summary></member>", 50_000))), ("dots", Members($"<member name='T:{Times("A.", 100_000)}'><summary>w</summary></member>")),
        ("parameters", Members($"<member name='M:A.B({Times("System.Int32,", 100_000)})'><summary>w</summary></member>")), ("control", Members("<member name='T:A'><summary>&#0; \u0001 w</summary></member>")), ("encoding", Members("").Replace("1.0\"", "1.0\" encoding=\"utf-99\"", StringComparison.Ordinal)), ("tabs", Members("<member name='T:A'><remarks><code>a" + new string('\t', 20_000_000) + "b</code></remarks></member>")),
    ]) Document("xml", name, "x.xml", xml);
    foreach ((string name, string objects) in ((string, string)[])
    [
        ("pages-loop", "1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj 2 0 obj <</Type/Pages/Kids[2 0 R]/Count 2>> endobj"), ("arrays", "1 0 obj " + new string('[', 100_000) + " endobj"), ("dictionaries", "1 0 obj " + Times("<</A ", 100_000) + " endobj"),
        ("reference-loop", "1 0 obj 1 0 R endobj"), ("outline-loop", "1 0 obj <</Type/Catalog/Pages 2 0 R/Outlines 3 0 R>> endobj 2 0 obj <</Type/Pages/Kids[4 0 R]/Count 1>> endobj 3 0 obj <</First 3 0 R/Next 3 0 R/Title(x)>> endobj 4 0 obj <</Type/Page/Parent 2 0 R>> endobj"),
        ("length", "1 0 obj <</Length 99999999999>> stream\nx\nendstream endobj"), ("noise", Encoding.Latin1.GetString(Noise(200_000, 1))), ("nothing", ""),
    ]) Document("pdf", name, "x.pdf", Encoding.Latin1.GetBytes($"%PDF-1.7\n{objects}\ntrailer <</Root 1 0 R/Size 9>>\nstartxref\n9\n%%EOF"));
    foreach ((string extension, string part, int times, string head) in ((string, string, int, string)[])
        [("txt", "word ", 50_000_000, ""), ("md", "Word and more. ", 15_000_000, ""), ("html", "<b>", 20_000_000, "<p>x"), ("html", "\t", 250_000_000, "<pre>a"), ("xml", " ", 300_000_000, "<doc>"), ("pdf", "\0", 300_000_000, "%PDF-1.7\n")])
        Document("packed", $"unfolds-{extension}-{part.Length}", $"x.{extension}.gz", (Action<string>)(path => Pack(path, head, part, times)));
    byte[] packed = Packed(Times(Sentence, 50));
    Document("packed", "cut", "x.txt.gz", packed[..^9]);
    Document("packed", "not", "x.txt.gz", Sentence);
    Document("packed", "empty", "x.txt.gz", "");
    Document("packed", "twice", "x.txt.gz", (byte[])[.. packed, .. packed]);
    Document("packed", "tail", "x.txt.gz", (byte[])[.. packed, .. Noise(500, 2)]);
    Document("packed", "checksum", "x.txt.gz", (byte[])[.. packed[..^6], 1, 2, 3, 4, 5, 6]);

    if (OperatingSystem.IsWindows()) return;
    foreach ((string name, Action<string> make) in ((string, Action<string>)[])
    [
        ("link-loop", d => File.CreateSymbolicLink(d + "/x.txt", "x.txt")), ("link-up", d => Directory.CreateSymbolicLink(d + "/up", "..")), ("link-nowhere", d => File.CreateSymbolicLink(d + "/x.txt", "/nowhere/x.txt")),
        ("zero", d => File.CreateSymbolicLink(d + "/x.txt", "/dev/zero")), ("random", d => File.CreateSymbolicLink(d + "/x.txt", "/dev/random")), ("terminal", d => File.CreateSymbolicLink(d + "/x.txt", "/dev/tty")), ("memory", d => File.CreateSymbolicLink(d + "/x.txt", "/proc/self/mem")),
        ("processes", d => Directory.CreateSymbolicLink(d + "/proc", "/proc/self")), ("pipe", d => Process.Start("mkfifo", d + "/x.txt").WaitForExit()), ("line-break", d => File.WriteAllText(d + "/x\ny.txt", Sentence)), ("tab", d => File.WriteAllText(d + "/x\ty.txt", Sentence)),
        ("escape", d => File.WriteAllText(d + "/\u001b[2J\a.txt", Sentence)), ("markup", d => File.WriteAllText(d + "/[red]{0} %s.txt", Sentence)), ("long-name", d => File.WriteAllText($"{d}/{new string('n', 251)}.txt", Sentence)),
        ("bytes", d => Process.Start("sh", ["-c", $"printf words > \"{d}/$(printf 'x\\377.txt')\""]).WaitForExit()), ("deep", d => Process.Start("sh", ["-c", $"cd {d}; i=0; while [ $i -lt 2000 ]; do mkdir d && cd d || break; i=$((i+1)); done; printf words > x.txt"]).WaitForExit()),
        ("no-permission", d => { File.WriteAllText(d + "/x.txt", Sentence); Process.Start("chmod", ["000", d + "/x.txt"]).WaitForExit(); }), ("folder-as-file", d => Directory.CreateDirectory(d + "/x.txt/y.pdf")),
    ]) Add("files", name, d => { Directory.CreateDirectory(d + "/docs"); make(d + "/docs"); }, ["passages", "{in}/docs", "-o", "{out}"], beside: true);
    foreach ((string name, string output) in ((string, string)[])[("output-file", "{in}/docs/good.txt"), ("output-null", "/dev/null/x"), ("output-proc", "/proc/x"), ("output-long", "{out}/" + new string('n', 300))])
        Add("files", name, d => Directory.CreateDirectory(d + "/docs"), ["passages", "{in}/docs", "-o", output], beside: true, mustRead: false);
}

void Data()
{
    string good = string.Concat(Enumerable.Range(0, 5).Select(i => $"{{\"_id\": \"p{i}\", \"title\": \"\", \"text\": \"Number {i}. {Sentence}\"}}\n"));
    foreach ((string name, string line) in ((string, string)[])
    [
        ("id-null", """{"_id": null, "text": "x"}"""), ("id-object", """{"_id": {}, "text": "x"}"""), ("text-null", """{"_id": "a", "text": null}"""), ("text-list", """{"_id": "a", "text": []}"""), ("nothing", "{}"), ("list", "[1]"), ("twice", """{"_id": "a", "_id": "b", "text": "x"}"""),
        ("same-id", """{"_id": "p0", "text": "x"}"""), ("deep", $$"""{"_id": "a", "text": "x", "m": {{new string('[', 10_000)}}}"""), ("surrogate", """{"_id": "a", "text": "x \ud800"}"""), ("surrogate-id", """{"_id": "\udc00", "text": "x"}"""), ("surrogate-key", """{"_id": "a", "text": "x", "\ud800": 1}"""),
        ("surrogate-source", """{"_id": "a", "text": "x", "metadata": {"source": "\ud800", "document": "d", "start": 0, "end": 1}}"""), ("tab-id", """{"_id": "a\tb", "text": "x"}"""), ("huge-id", $$"""{"_id": {{new string('9', 100_000)}}, "text": "x"}"""), ("places", """{"_id": "a", "text": "x", "metadata": {"source": "s", "document": "d", "page": -1, "start": 2147483647, "end": -5}}"""),
        ("long-line", $$"""{"_id": "a", "text": "{{Times("word ", 6_000_000)}}"}"""), ("cut", """{"_id": "a", "te"""),
    ]) Add("data", "corpus-" + name, d => File.WriteAllText(d + "/x.jsonl", good + line + "\n"), ["passages", "{in}/x.jsonl", "-o", "{out}"]);
    Add("data", "corpus-unfolds", d => Pack(d + "/x.jsonl.gz", "{\"_id\": \"a\", \"text\": \"", "a", 2_000_000_000), ["passages", "{in}/x.jsonl.gz", "-o", "{out}"]);
    Add("data", "pairs-unfold", d => Pack(d + "/x.tsv.gz", "q\t", "a", 2_000_000_000), ["train", "{in}/x.tsv.gz", "--base", Model("mpnet-tiny"), "-o", "{out}", "--max-steps", "1"]);
    Add("data", "squad-unfolds", d => Pack(d + "/x.json.gz", "{\"data\": [{\"paragraphs\": [{\"context\": \"", "a", 1_100_000_000), ["passages", "--squad", "{in}/x.json.gz", "-o", "{out}"]);
    foreach ((string name, string json) in ((string, string)[])
    [
        ("null", "null"), ("list", "[]"), ("no-data", "{}"), ("data-null", """{"data": null}"""), ("article-null", """{"data": [null]}"""), ("paragraphs-null", """{"data": [{"paragraphs": null}]}"""), ("paragraph-null", """{"data": [{"paragraphs": [null]}]}"""),
        ("context-null", """{"data": [{"paragraphs": [{"context": null, "qas": []}]}]}"""), ("question-null", """{"data": [{"paragraphs": [{"context": "a", "qas": [null]}]}]}"""), ("id-number", """{"data": [{"paragraphs": [{"context": "a", "qas": [{"id": 5, "question": "q"}]}]}]}"""), ("surrogate", """{"data": [{"paragraphs": [{"context": "a \ud800", "qas": []}]}]}"""), ("deep", "{\"data\": " + new string('[', 10_000)),
    ]) Add("data", "squad-" + name, d => File.WriteAllText(d + "/x.json", json), ["passages", "--squad", "{in}/x.json", "-o", "{out}"]);
    foreach ((string name, string qrels) in ((string, string)[])[("empty", ""), ("grade-huge", "h\th\th\nq1\tp0\t99999999999\n"), ("grade-negative", "q1\tp0\t-1\n"), ("columns", "h\th\th\nq1\t0\tp0\t1\n"), ("unknown", "h\th\th\nq2\tp0\t1\n"), ("long", "h\th\th\n" + new string('q', 5_000_000))])
        Add("data", "beir-" + name, d => { Directory.CreateDirectory(d + "/qrels"); File.WriteAllText(d + "/corpus.jsonl", good); File.WriteAllText(d + "/queries.jsonl", "{\"_id\": \"q1\", \"text\": \"the pump\"}\n"); File.WriteAllText(d + "/qrels/test.tsv", qrels); }, ["evaluate", "--beir", "{in}", "--model", Model("mpnet-tiny")]);
    foreach ((string name, string pairs) in ((string, string)[])[("empty", ""), ("no-tab", Times("a b\n", 9)), ("tabs", Times("a\tb\tc\n", 9)), ("same", Times("a b\tc d\n", 50)), ("nul", Times("\0\t\0\n", 50)), ("long", "q\t" + Times("word ", 4_000_000) + "\n")])
        Add("data", "pairs-" + name, d => File.WriteAllText(d + "/x.tsv", pairs), ["train", "{in}/x.tsv", "--base", Model("mpnet-tiny"), "-o", "{out}", "--max-steps", "1", "--batch-size", "2"]);
    foreach ((string name, string input, string model) in ((string, string, string)[])[("json-deep", new string('[', 100_000), "mpnet-tiny"), ("json-surrogate", "\"\\ud800\"\n", "mpnet-tiny"), ("line", new('a', 30_000_000), "mpnet-tiny"), ("line-t5", new('a', 15_000_000), "t5-tiny")])
        Add("data", "stdin-" + name, _ => { }, ["tokenize", "--model", Model(model), .. name.StartsWith("json", StringComparison.Ordinal) ? (string[])["--json-lines"] : []], input);
}

void Models()
{
    string[] values = ["0", "-1", "1000000000", "2147483647", "1e12", "1.5", "null", "\"32\"", "[]", "true", "1e400"];
    foreach (string key in (string[])["hidden_size", "num_hidden_layers", "num_attention_heads", "vocab_size", "max_position_embeddings", "intermediate_size", "layer_norm_eps", "hidden_dropout_prob", "hidden_act", "pad_token_id", "relative_attention_num_buckets", "model_type"])
        foreach (string value in values) Config("mpnet-tiny", key, value);
    foreach (string key in (string[])["d_model", "d_kv", "d_ff", "num_layers", "num_decoder_layers", "num_heads", "vocab_size", "relative_attention_num_buckets", "relative_attention_max_distance", "eos_token_id", "decoder_start_token_id", "layer_norm_epsilon", "dropout_rate", "feed_forward_proj", "tie_word_embeddings"])
        foreach (string value in values) Config("t5-tiny", key, value);
    foreach (string family in (string[])["bert-tiny", "distilbert-tiny", "xlm-roberta-tiny"])
        foreach (string key in (string[])["hidden_size", "dim", "vocab_size", "num_hidden_layers", "n_layers", "type_vocab_size", "max_position_embeddings"])
            foreach (string value in (string[])["0", "1000000000", "null"]) Config(family, key, value);
    string[] files = ["config.json", "modules.json", "sentence_bert_config.json", "1_Pooling/config.json", "config_sentence_transformers.json", "tokenizer_config.json", "tokenizer.json", "generation_config.json", "model.safetensors.index.json"];
    foreach (string file in files)
    {
        foreach ((string name, string content) in ((string, string)[])
            [("empty", ""), ("null", "null"), ("list", "[]"), ("number", "5"), ("deep", new('[', 10_000)), ("twice", "{\"a\": 1, \"a\": 2}"), ("surrogate", "{\"a\": \"\\ud800\"}"), ("nul", "\0"), ("nulls", "[null, null]"), ("long", $"{{\"{new string('n', 5_000_000)}\": {{\"type\": 5}}}}")])
            Folder("files", $"{file.Replace('/', '-')}-{name}", file == "generation_config.json" ? "t5-tiny" : "mpnet-tiny", m =>
            {
                if (file.EndsWith("index.json", StringComparison.Ordinal)) File.Delete(m + "/model.safetensors");
                File.WriteAllText(m + "/" + file, content);
            });
    }

    foreach ((string name, string content) in ((string, string)[])
    [
        ("up", """[{"type": "a.Transformer", "path": "../../.."}]"""), ("absolute", """[{"type": "a.Transformer", "path": "/etc"}]"""), ("path-null", """[{"type": "a.Transformer", "path": null}]"""), ("dense", """[{"type": "a.Transformer", "path": ""}, {"type": "a.Dense", "path": ""}]"""), ("many", $"[{Times("{\"type\": \"a.Transformer\", \"path\": \"\"},", 20_000)}{{}}]"), ("kind", $"[{{\"type\": \"{new string('x', 1_000_000)}\", \"path\": \"\"}}]"),
    ]) Folder("modules", name, "mpnet-tiny", m => File.WriteAllText(m + "/modules.json", content));
    foreach (int length in (int[])[0, -1, 1, 2, 1_000_000_000]) Folder("length", $"{length}", "mpnet-tiny", m => File.WriteAllText(m + "/sentence_bert_config.json", $"{{\"max_seq_length\": {length}}}"));
    foreach ((string name, Action<JsonObject> change) in ((string, Action<JsonObject>)[])
    [
        ("long-piece", j => Vocabulary(j)[new string('a', 200_000)] = 5000), ("large-id", j => Vocabulary(j)["zz"] = 2_000_000_000), ("negative-id", j => Vocabulary(j)["zz"] = -1), ("id-text", j => Vocabulary(j)["zz"] = "5"), ("no-vocabulary", j => j["model"]!["vocab"] = null), ("empty", j => j["model"]!["vocab"] = new JsonObject()), ("type-null", j => j["model"]!["type"] = null), ("bpe", j => j["model"]!["type"] = "BPE"), ("unknown", j => j["model"]!["unk_token"] = "[NOPE]"),
        ("added-null", j => j["added_tokens"] = new JsonArray((JsonNode?)null)), ("added-many", j => { foreach (int i in Enumerable.Range(0, 100_000)) j["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = 5, ["content"] = $"tok{i}" }); }), ("added-long", j => j["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = 5, ["content"] = new string('a', 1_000_000) })), ("normalizer-nulls", j => j["normalizer"] = JsonNode.Parse("""{"type": "Sequence", "normalizers": [null]}""")), ("frame-null", j => j["post_processor"] = null), ("frame-text", j => j["post_processor"] = JsonNode.Parse("""{"type": "BertProcessing", "cls": ["x", "1"], "sep": ["y", 2]}""")), ("frame-id", j => j["post_processor"] = JsonNode.Parse("""{"type": "BertProcessing", "cls": ["x", 77777], "sep": ["y", 2]}""")),
        ("prefix", j => j["model"]!["continuing_subword_prefix"] = new string('#', 100_000)), ("word-length", j => j["model"]!["max_input_chars_per_word"] = -1),
    ]) Folder("tokenizer", name, "mpnet-tiny", m => { JsonObject json = JsonNode.Parse(File.ReadAllText(m + "/tokenizer.json"))!.AsObject(); change(json); File.WriteAllText(m + "/tokenizer.json", json.ToJsonString()); }, "tokenize");
    Folder("tokenizer", "vocabulary-line", "mpnet-tiny", m => { File.Delete(m + "/tokenizer.json"); File.AppendAllText(m + "/vocab.txt", new string('a', 200_000) + "\n"); }, "tokenize");
    Folder("tokenizer", "vocabulary-lines", "mpnet-tiny", m => { File.Delete(m + "/tokenizer.json"); File.AppendAllText(m + "/vocab.txt", Times("a\n", 3_000_000)); }, "tokenize");
    foreach ((string name, Action<string> change) in ((string, Action<string>)[])
    [
        ("empty", f => File.WriteAllBytes(f, [])), ("short", f => File.WriteAllBytes(f, [1, 2, 3])), ("cut", f => File.WriteAllBytes(f, File.ReadAllBytes(f)[..100_000])), ("tail", f => File.AppendAllText(f, "x")), ("header-length", f => Header(f, null, long.MaxValue)), ("header-null", f => Header(f, "null")), ("header-deep", f => Header(f, new string('[', 10_000))), ("header-surrogate", f => Header(f, """{"\ud800": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}}""")), ("type-surrogate", f => Header(f, """{"x": {"dtype": "\ud800", "shape": [0], "data_offsets": [0, 0]}}""")),
        ("offsets", f => Header(f, """{"x": {"dtype": "F32", "shape": [4611686018427387904, 4], "data_offsets": [0, 9223372036854775807]}}""")), ("negative", f => Header(f, """{"x": {"dtype": "F32", "shape": [-1], "data_offsets": [-8, 8]}}""")), ("name", f => Header(f, $$$"""{"{{{new string('n', 5_000_000)}}}": {"dtype": 5}}""")), ("nan", f => { byte[] b = File.ReadAllBytes(f); Array.Fill(b, (byte)0xFF, b.Length - 300_000, 300_000); File.WriteAllBytes(f, b); }),
        ("folder", f => { File.Delete(f); Directory.CreateDirectory(f); }), ("none", File.Delete), ("zero", f => { File.Delete(f); File.CreateSymbolicLink(f, "/dev/zero"); }), ("pickle", f => { File.Delete(f); File.WriteAllText(Path.Combine(Path.GetDirectoryName(f)!, "pytorch_model.bin"), "cos\nsystem\n(S'touch /tmp/genq-hostile-was-here'\ntR."); }), ("pickle-marks", f => { File.Delete(f); Torch(f, [0x80, 2, .. Enumerable.Repeat((byte)'(', 90_000_000), (byte)'.']); }), ("pickle-lists", f => { File.Delete(f); Torch(f, [0x80, 2, .. Enumerable.Repeat((byte)']', 7_000_000), (byte)'.']); }), ("pickle-system", f => { File.Delete(f); Torch(f, [0x80, 2, .. Bytes("cos\nsystem\nX\u0001\0\0\0x\u0085R.")]); }),
    ]) Folder("weights", name, "mpnet-tiny", m => change(m + "/model.safetensors"));

    static JsonObject Vocabulary(JsonObject json) => json["model"]!["vocab"]!.AsObject();
}

// Valid files of every kind with some bytes changed, until there are as many cases as are asked for.
void Mutations()
{
    (string Name, byte[] Bytes)[] documents =
    [
        ("x.txt", Bytes(Times(Sentence, 20))), ("x.md", File.ReadAllBytes(Path.Combine(repository, "docs", "settings.md"))), ("x.html", Bytes($"<html><head><title>t</title></head><body><h1>H</h1><p>{Sentence}<ul><li>a<li>b</ul><table><tr><td>x</table></body></html>")), ("x.xml", Bytes($"<doc><assembly><name>A</name></assembly><members><member name=\"M:A.B(System.Int32)\"><summary>{Sentence}</summary></member></members></doc>")),
        ("x.pdf", Encoding.Latin1.GetBytes("%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R>>\nendobj\n4 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\n5 0 obj\n<</Length 60>>\nstream\nBT /F1 12 Tf 50 700 Td (Some words of a page of text) Tj ET       \nendstream\nendobj\ntrailer\n<</Root 1 0 R/Size 6>>\n%%EOF")), ("x.txt.gz", Packed(Times(Sentence, 20))),
    ];
    (string Checkpoint, string File, int Head)[] models = [("mpnet-tiny", "config.json", 600), ("mpnet-tiny", "tokenizer.json", 3000), ("mpnet-tiny", "model.safetensors", 4000), ("mpnet-tiny", "modules.json", 300), ("mpnet-tiny", "tokenizer_config.json", 300), ("t5-tiny", "spiece.model", 4000), ("t5-tiny", "config.json", 800), ("bert-tiny", "config.json", 600), ("xlm-roberta-tiny", "config.json", 600), ("distilbert-tiny", "config.json", 600)];
    for (int i = 0; cases.Count < count; i++)
    {
        int seed = i;
        if (i % 2 == 0)
        {
            (string name, byte[] bytes) = documents[i / 2 % documents.Length];
            Document("mutated", $"{name}-{seed}", name, Mutated(bytes, bytes.Length, seed));
        }
        else
        {
            (string checkpoint, string file, int head) = models[i / 2 % models.Length];
            Folder("mutated", $"{checkpoint}-{file}-{seed}", checkpoint, m => File.WriteAllBytes(m + "/" + file, Mutated(File.ReadAllBytes(m + "/" + file), head, seed)));
        }
    }
}

static byte[] Mutated(byte[] bytes, int head, int seed)
{
    Random random = new(seed);
    List<byte> changed = [.. bytes];
    string[] terms = ["null", "-1", "1e999", "99999999999", "[]", "{}", "\"\\ud800\"", "<b>", "[[[[", "((((", "obj", "\0", "````"];
    for (int edits = random.Next(1, 12); edits > 0; edits--)
    {
        int at = random.Next(Math.Max(1, Math.Min(head, changed.Count)));
        if (at >= changed.Count) continue;
        switch (random.Next(5))
        {
            case 0: changed[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: changed[at] = (byte)random.Next(256); break;
            case 2: changed.RemoveRange(at, Math.Min(random.Next(1, 20), changed.Count - at)); break;
            case 3: changed.InsertRange(at, Bytes(terms[random.Next(terms.Length)])); break;
            default: changed.InsertRange(at, Enumerable.Repeat(changed.GetRange(at, Math.Min(30, changed.Count - at)), random.Next(1, 200)).SelectMany(part => part).ToArray()); break;
        }
    }

    return [.. changed];
}

void Run()
{
    Case[] wanted = [.. cases.Where(one => one.Name.StartsWith(prefix, StringComparison.Ordinal))];
    Directory.CreateDirectory(folder);
    foreach ((int number, Case one) in wanted.Index())
    {
        string at = Path.Combine(folder, "case");
        Process.Start("chmod", ["-R", "u+rwx", folder]).WaitForExit();
        Process.Start("rm", ["-rf", at]).WaitForExit();
        string input = Directory.CreateDirectory(at + "/in").FullName, output = at + "/out";
        one.Make(input);
        if (one.IsBeside) File.WriteAllText(input + "/docs/good.txt", Times(Sentence + "\n\n", 6));
        string problem = Judged(one, [.. one.Arguments.Select(argument => argument.Replace("{in}", input, StringComparison.Ordinal).Replace("{out}", output, StringComparison.Ordinal))], output);
        if (problem.Length > 0) Result.Bad.Add($"{one.Name}: {problem}");
        if (problem.Length > 0 || number % 100 == 99) Console.WriteLine(problem.Length > 0 ? $"BAD {one.Name}: {problem}" : $"{number + 1} of {wanted.Length}");
    }

    Console.WriteLine($"{wanted.Length} inputs, {Result.Bad.Count} bad; most processor time {Result.MostSeconds:0.0} s, most memory {Result.MostBytes >> 20} MB");
}

// What is wrong, in words; empty where all is well.
string Judged(Case one, string[] arguments, string output)
{
    ProcessStartInfo start = new("dotnet", [cli, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true, WorkingDirectory = folder };
    (start.Environment["HF_HUB_OFFLINE"], start.Environment["NO_COLOR"]) = ("1", "1");
    using Process process = Process.Start(start)!;
    Task<string> errors = process.StandardError.ReadToEndAsync(), said = process.StandardOutput.ReadToEndAsync();
    _ = Task.Run(() =>
    {
        try
        {
            process.StandardInput.Write(one.Input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended without reading.
        }
    });
    string? ended = null;
    Stopwatch clock = Stopwatch.StartNew();
    while (!process.WaitForExit(20) && ended is null)
    {
        (double seconds, long bytes) = Used(process.Id);
        Result.MostSeconds = Math.Max(Result.MostSeconds, seconds);
        Result.MostBytes = Math.Max(Result.MostBytes, bytes);
        ended = bytes > 1L << 30 ? "more than 1 GB" : seconds > 10 || clock.Elapsed.TotalSeconds > 120 ? "more than 10 s" : null;
    }

    if (ended is not null)
    {
        process.Kill(entireProcessTree: true);
        return ended;
    }

    process.WaitForExit();
    string text = errors.GetAwaiter().GetResult();
    if (process.ExitCode is not (0 or 1 or 2)) return $"ends with {process.ExitCode}: {text[..Math.Min(200, text.Length)]}";
    if (text.Contains("should not happen", StringComparison.Ordinal) || Regex.IsMatch(text, @"^\s+at [A-Z][\w.]+\(", RegexOptions.Multiline)) return $"a stack trace: {text[..Math.Min(300, text.Length)]}";
    if (process.ExitCode == 1 && !text.Contains("genq:", StringComparison.Ordinal)) return "no message";
    if (text.Length > 5000) return $"a message of {text.Length} characters";
    if (File.Exists("/tmp/genq-hostile-was-here")) return "code in a file was run";
    _ = said.GetAwaiter().GetResult();
    if (!one.IsBeside || !one.MustRead) return "";
    if (process.ExitCode != 0) return $"one file ended the run: {text[..Math.Min(200, text.Length)]}";
    return File.ReadAllText(output + "/passages.jsonl").Contains("good.txt", StringComparison.Ordinal) ? "" : "the good file is lost";
}

// Processor time and memory of a process and its children, of which Linux tells.
static (double Seconds, long Bytes) Used(int id)
{
    double seconds = 0;
    long bytes = 0;
    Queue<int> ids = new([id]);
    while (ids.TryDequeue(out int one))
    {
        try
        {
            string[] fields = File.ReadAllText($"/proc/{one}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            seconds += fields[11..15].Sum(field => double.Parse(field, CultureInfo.InvariantCulture)) / 100;
            Match memory = Regex.Match(File.ReadAllText($"/proc/{one}/status"), @"RssAnon:\s+(\d+)");
            if (memory.Success) bytes += long.Parse(memory.Groups[1].Value, CultureInfo.InvariantCulture) << 10;
            foreach (string task in Directory.GetDirectories($"/proc/{one}/task"))
                foreach (string child in File.ReadAllText(task + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)) ids.Enqueue(int.Parse(child, CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended.
        }
    }

    return (seconds, bytes);
}

void Add(string kind, string name, Action<string> make, string[] arguments, string? input = null, bool beside = false, bool mustRead = true)
    => cases.Add(new Case($"{kind}/{name}", make, arguments, input ?? "", beside, mustRead));

void Document(string kind, string name, string file, object content) => Add(kind, name, d =>
{
    Directory.CreateDirectory(d + "/docs");
    string path = d + "/docs/" + file;
    if (content is Action<string> write) write(path);
    else File.WriteAllBytes(path, content as byte[] ?? Bytes((string)content));
}, ["passages", "{in}/docs", "-o", "{out}"], beside: true);

void Folder(string kind, string name, string checkpoint, Action<string> change, string? verb = null) => Add(kind, name, d =>
{
    Process.Start("cp", ["-r", Model(checkpoint), d + "/m"]).WaitForExit();
    change(d + "/m");
}, (verb, checkpoint) switch
{
    ("tokenize", _) => ["tokenize", "--model", "{in}/m"],
    (_, "t5-tiny") => ["generate", "--text", Sentence, "--model", "{in}/m", "--count", "1", "--max-length", "8"],
    _ => ["embed", "--model", "{in}/m"],
}, "hello world\n");

void Config(string checkpoint, string key, string value) => Folder("config", $"{checkpoint}-{key}-{value.Trim('"')}", checkpoint, m =>
{
    JsonObject json = JsonNode.Parse(File.ReadAllText(m + "/config.json"))!.AsObject();
    json[key] = "VALUE";
    File.WriteAllText(m + "/config.json", json.ToJsonString().Replace("\"VALUE\"", value, StringComparison.Ordinal));
});

string Model(string checkpoint) => Path.Combine(checkpoints, checkpoint);

static string Times(string part, int times) => new StringBuilder(part.Length * times).Insert(0, part, times).ToString();

static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

static byte[] Noise(int length, int seed)
{
    byte[] bytes = new byte[length];
    new Random(seed).NextBytes(bytes);
    return bytes;
}

static byte[] Packed(string text)
{
    using MemoryStream bytes = new();
    using (GZipStream packer = new(bytes, CompressionLevel.Fastest, leaveOpen: true)) packer.Write(Bytes(text));
    return bytes.ToArray();
}

static void Pack(string path, string head, string part, long times)
{
    using GZipStream packer = new(File.Create(path), CompressionLevel.Fastest);
    packer.Write(Bytes(head));
    byte[] many = Bytes(Times(part, 100_000));
    for (long written = 0; written < times; written += 100_000) packer.Write(many);
}

static void Header(string file, string? header, long? length = null)
{
    byte[] json = Bytes(header ?? "{}");
    File.WriteAllBytes(file, [.. BitConverter.GetBytes(length ?? json.Length), .. json]);
}

static void Torch(string safetensors, byte[] program)
{
    using ZipArchive zip = new(File.Create(Path.Combine(Path.GetDirectoryName(safetensors)!, "pytorch_model.bin")), ZipArchiveMode.Create);
    using Stream entry = zip.CreateEntry("archive/data.pkl", CompressionLevel.Fastest).Open();
    entry.Write(program);
}

internal sealed record Case(string Name, Action<string> Make, string[] Arguments, string Input, bool IsBeside, bool MustRead);

internal static class Result
{
    public static List<string> Bad { get; } = [];

    public static double MostSeconds { get; set; }

    public static long MostBytes { get; set; }
}
