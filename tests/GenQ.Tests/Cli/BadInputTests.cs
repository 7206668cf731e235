using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using GenQ.Cli;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Retrieval;
using GenQ.Tests.Encoders;
using GenQ.Text;
using GenQ.Training;

namespace GenQ.Tests.Cli;

/// <summary>What a user gets wrong: each ends with its exit code and a message that says what, where and what to do.</summary>
[Collection(ConsoleRun.Collection)]
public sealed class BadInputTests : IDisposable
{
    private const int Failed = 1, WrongUsage = 2;
    private const string Full = "/dev/full";

    private static readonly string T5 = Shared.Golden("checkpoints", "t5-tiny"), Mpnet = Shared.Golden("checkpoints", "mpnet-tiny");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("run docs -o out --preset huge", "--preset must be mini, published or base, got huge.")]
    [InlineData("run docs -o out --precision fp64", "--precision must be auto, fp32 or bf16, got fp64.")]
    [InlineData("run docs -o out --precision 1", "--precision must be auto, fp32 or bf16, got 1.")]
    [InlineData("run docs -o out --holdout 1", "--holdout must be at least 0 and below 1, got 1.")]
    [InlineData("run docs -o out --holdout -0.1", "--holdout must be at least 0 and below 1, got -0.1.")]
    [InlineData("run docs -o out --queries 0", "--queries must be at least 1, got 0.")]
    [InlineData("run docs -o out --set query.top-k=-1", "--set query.top-k must be at least 0, got -1.")]
    [InlineData("run docs -o out --set query.top-p=0", "--set query.top-p must be above 0 and at most 1, got 0.")]
    [InlineData("run docs -o out --set query.top-p=1.5", "--set query.top-p must be above 0 and at most 1, got 1.5.")]
    [InlineData("run docs -o out --set query.top-p=NaN", "--set query.top-p must be above 0 and at most 1, got NaN.")]
    [InlineData("run docs -o out --set query.temperature=0,6", "--set query.temperature must be a finite number above 0, got 0,6.")]
    [InlineData("run docs -o out --set query.temperature=0", "--set query.temperature must be a finite number above 0, got 0.")]
    [InlineData("run docs -o out --set training.epochs=0", "--set training.epochs must be at least 1, got 0.")]
    [InlineData("run docs -o out --set training.epochs=many", "--set training.epochs must be at least 1, got many.")]
    [InlineData("run docs -o out --set training.batch-size=1", "--set training.batch-size must be at least 2, got 1.")]
    [InlineData("run docs -o out --set training.learning-rate=-1", "--set training.learning-rate must be a finite number above 0, got -1.")]
    [InlineData("run docs -o out --set training.checkpoint-every=0", "--set training.checkpoint-every must be at least 1, got 0.")]
    [InlineData("run docs -o out --set training.neighbors=4", "--set There is no setting 'training.neighbors'.")]
    [InlineData("run docs -o out --set epochs=4", "--set There is no setting 'epochs'. Do you mean training.epochs?")]
    [InlineData("run docs -o out --set training.labels", "--set takes name=value, got training.labels.")]
    [InlineData("run docs -o out --set training.labels=some", "--set training.labels must be hard, soft or lifted, got some.")]
    [InlineData("run docs -o out --neighbours=4", "There is no option --neighbours=4. Give the setting with --set training.neighbours=….")]
    [InlineData("run docs -o out --seed x", "--seed must be a whole number, got x.")]
    [InlineData("run docs -o out --threads 0", "--threads must be at least 1, got 0.")]
    [InlineData("run docs --beir folder -o out", "Give either documents, or --squad FILE, or --beir FOLDER.")]
    [InlineData("passages -o out", "Give either documents, or --squad FILE, or --beir FOLDER.")]
    [InlineData("passages docs -o out --queries 0", "--queries must be at least 1, got 0.")]
    [InlineData("filter run --threads 0", "--threads must be at least 1, got 0.")]
    [InlineData("search run question --top 0", "--top must be at least 1, got 0.")]
    [InlineData("search run question --by smell", "--by must be both, meaning or words, got smell.")]
    [InlineData("evaluate run --model other", "--model is not for a run, which keeps the settings it was begun with: begin another with 'genq run'.")]
    [InlineData("generate --text words --count 0", "--count must be at least 1, got 0.")]
    [InlineData("generate --text words --beams 0", "--beams must be at least 1, got 0.")]
    [InlineData("generate --text words --max-length 1", "--max-length must be at least 2, got 1.")]
    [InlineData("generate --text words --method luck", "--method must be sample, greedy or beam, got luck.")]
    [InlineData("generate run --count 5", "--count is not for a run, which keeps the settings it was begun with: begin another with 'genq run'.")]
    [InlineData("train run --epochs 3", "--epochs is not for a run, which keeps the settings it was begun with: begin another with 'genq run'.")]
    [InlineData("train a.tsv --base model -o out --batch-size 0", "--batch-size must be at least 2, got 0.")]
    [InlineData("train a.tsv --base model -o out --learning-rate NaN", "--learning-rate must be a finite number above 0, got NaN.")]
    [InlineData("train a.tsv --base model -o out --max-length 2", "--max-length must be at least 3, got 2.")]
    [InlineData("train a.tsv -o out", "Give one run folder alone, or pair files with --output and either --base or --from-scratch.")]
    [InlineData("train a.tsv --base model --from-scratch sizes -o out", "Give either --base or --from-scratch.")]
    [InlineData("train a.tsv --base model --word-embeddings other -o out", "--word-embeddings is for --from-scratch: a base has its own, leave it out.")]
    [InlineData("train-generator a.tsv --from model -o out --steps 0", "--steps must be at least 1, got 0.")]
    [InlineData("train-generator a.tsv --from model -o out --batch-size 0", "--batch-size must be at least 1, got 0.")]
    [InlineData("train-generator a.tsv --from model -o out --learning-rate 0", "--learning-rate must be a finite number above 0, got 0.")]
    [InlineData("train-generator a.tsv --from model -o out --warmup -1", "--warmup must be at least 0, got -1.")]
    [InlineData("train-generator a.tsv --from model -o out --label-smoothing 1", "--label-smoothing must be at least 0 and below 1, got 1.")]
    [InlineData("train-generator a.tsv --from model -o out --copy-share 2", "--copy-share must be between 0 and 1, got 2.")]
    [InlineData("train-generator a.tsv --from model -o out --crop-share -1", "--crop-share must be between 0 and 1, got -1.")]
    [InlineData("train-generator a.tsv --from model -o out --max-input 1", "--max-input must be at least 2, got 1.")]
    [InlineData("train-generator a.tsv --from model -o out --checkpoint-every 0", "--checkpoint-every must be at least 1, got 0.")]
    [InlineData("train-generator a.tsv --from model -o out --evaluate-every 0", "--evaluate-every must be at least 1, got 0.")]
    [InlineData("train-generator a.tsv -o out", "Give either --from or --from-scratch.")]
    [InlineData("distill a.txt --teacher t --base model -o out --batch-size 2", "--batch-size must be at least 3, got 2.")]
    [InlineData("distill a.txt --teacher t --base model -o out --short-share 1.1", "--short-share must be between 0 and 1, got 1.1.")]
    [InlineData("distill a.txt --teacher t --base model -o out --warmup-steps -1", "--warmup-steps must be at least 0, got -1.")]
    [InlineData("distill a.txt --teacher t --teacher u --teacher-weight 1 --base model -o out", "--teacher-weight must be given once for each --teacher or not at all, got 1 for 2.")]
    [InlineData("distill a.txt --teacher t --teacher-weight 0 --base model -o out", "--teacher-weight must be a finite number above 0, got 0.")]
    [InlineData("distill a.txt --teacher t -o out", "Give either --base or --from-scratch.")]
    [InlineData("distill a.txt --teacher t --base model --from-scratch sizes -o out", "Give either --base or --from-scratch.")]
    [InlineData("distill a.txt --teacher t --base model --word-embeddings t -o out", "--word-embeddings is for --from-scratch: a base has its own, leave it out.")]
    [InlineData("distill a.txt --teacher t --base model --layers-of t -o out", "--layers-of is for --from-scratch: a base has its own, leave it out.")]
    [InlineData("distill a.txt --teacher t --from-scratch sizes --word-embeddings t --layers-of t -o out", "--layers-of takes the word embeddings over too: leave --word-embeddings out.")]
    [InlineData("embed --model m --batch-size 0", "--batch-size must be at least 1, got 0.")]
    [InlineData("embed --model m --as song", "--as must be query, passage or text, got song.")]
    [InlineData("doctor --threads 0", "--threads must be at least 1, got 0.")]
    public async Task A_value_that_an_option_does_not_take_is_wrong_usage(string command, string message)
    {
        string[] arguments = command.Split(' ');
        ConsoleRun run = await ConsoleRun.OfAsync("", arguments);
        Assert.Equal(WrongUsage, run.ExitCode);
        Assert.Equal($"genq: {message}\nTry 'genq {arguments[0]} --help'.\n", run.Error);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("--output must not be empty.", "run", "--beir", "folder", "-o", "")]
    [InlineData("--squad must not be empty.", "run", "--squad", " ", "-o", "out")]
    [InlineData("DOCS must not be empty.", "passages", "docs", "", "-o", "out")]
    [InlineData("QUERY must not be empty.", "search", "run", " ")]
    [InlineData("--base must not be empty.", "train", "a.tsv", "--base", "", "-o", "out")]
    public async Task A_text_without_words_is_wrong_usage(string message, params string[] arguments)
    {
        ConsoleRun run = await ConsoleRun.OfAsync("", arguments);
        Assert.Equal(WrongUsage, run.ExitCode);
        Assert.Equal($"genq: {message}\nTry 'genq {arguments[0]} --help'.\n", run.Error);
    }

    [Fact]
    public void A_word_in_another_case_is_the_word_itself()
    {
        Assert.Equal("base", GenQ.Cli.Program.Root().Parse("run docs -o out --preset Base").GetValue<string>("--preset"));
        Assert.Equal("query", GenQ.Cli.Program.Root().Parse("embed --model m --as QUERY").GetValue<string>("--as"));
    }

    [Theory]
    [InlineData("run docs -o out --set query.top-p=0.5 --set training.learning-rate=2e-5 --threads 1 --precision BF16 --preset Base")]
    [InlineData("generate --text words --method Greedy --count 1 --seed -7")]
    [InlineData("train a.tsv --base model -o out --epochs 3 --max-length 3")]
    [InlineData("train runs/manuals --threads 1")]
    [InlineData("train-generator a.tsv --from m -o out --scale-by-rms --learning-rate 1e-2 --fp16")]
    [InlineData("train-generator a.tsv --from m -o out --scale-by-rms false")]
    public void Values_of_the_range_are_taken(string command) => Assert.Empty(GenQ.Cli.Program.Root().Parse(command).Errors);

    [Fact]
    public void Numbers_have_a_decimal_point_in_every_country()
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            RunOptions options = new();
            Command command = new("run");
            options.AddTo(command);
            ParseResult parsed = command.Parse("docs -o out --set query.top-p=0.5 --holdout 0.25");
            Assert.Empty(parsed.Errors);
            GenQSettings settings = options.Settings(parsed);
            Assert.Equal((0.5, 0.25), (settings.Query.TopP, settings.Holdout));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Theory]
    [InlineData("--method greedy", "Greedy decoding gives one text, not 3: set the count to 1, or sample.")]
    [InlineData("--method beam --beams 2", "A beam search with 2 beams cannot give 3 texts: raise the beams or lower the count.")]
    public async Task More_texts_than_a_method_can_give_are_refused(string method, string message)
        => await FailsAsync(["generate", "--text", "words", "--model", T5, .. method.Split(' ')], message);

    [Fact]
    public async Task An_empty_folder_is_named_with_what_can_be_read()
    {
        Directory.CreateDirectory(_folder["docs"]);
        await FailsAsync(["run", _folder["docs"], "-o", _folder["out"], "--base", Mpnet], $"no file in '{_folder["docs"]}'", ".md");
    }

    [Fact]
    public async Task A_folder_without_a_readable_file_is_told_with_the_reasons()
    {
        Write("%PDF-1.4 and no more", "docs", "broken.pdf");
        Write("words", "docs", "song.mp3");
        await FailsAsync(
            ["run", _folder["docs"], "-o", _folder["out"], "--base", Mpnet],
            $"None of the 2 files in '{_folder["docs"]}' could be read", "broken.pdf: ", "song.mp3: There is no reader for .mp3.");
    }

    [Fact]
    public async Task Documents_that_are_not_there_are_named()
    {
        await FailsAsync(["run", _folder["docs"], "-o", _folder["out"], "--base", Mpnet], $"'{_folder["docs"]}' is neither a file nor a folder");
        await FailsAsync(["run", "--squad", _folder["a.json"], "-o", _folder["out2"], "--base", Mpnet], $"'{_folder["a.json"]}' does not exist");
        await FailsAsync(["run", "--beir", _folder["beir"], "-o", _folder["out3"], "--base", Mpnet], $"'{_folder["beir", "qrels", "test.tsv"]}' does not exist");
        await FailsAsync(["evaluate", "--beir", _folder["beir"], "--model", Mpnet], $"'{_folder["beir", "qrels", "test.tsv"]}' does not exist");
    }

    [Theory]
    [InlineData("config.json", "has no config.json: is it the folder of a T5 checkpoint?")]
    [InlineData("model.safetensors", "has no weights: expected model.safetensors")]
    [InlineData("spiece.model", "holds no tokenizer: it has none of spiece.model, tokenizer.json, sentencepiece.bpe.model, vocab.txt")]
    public async Task A_T5_that_lacks_a_file_is_told_which(string missing, string message)
    {
        string model = Copy(T5);
        File.Delete(Path.Combine(model, missing));
        await FailsAsync(["generate", "--text", "words", "--model", model], $"'{model}' {message}");
    }

    [Theory]
    [InlineData("config.json", "has no config.json: is it the folder of a model?")]
    [InlineData("model.safetensors", "has no weights: expected model.safetensors")]
    [InlineData("1_Pooling/config.json", "1_Pooling/config.json' is missing")]
    [InlineData("tokenizer.json|vocab.txt", "holds no tokenizer: it has none of spiece.model, tokenizer.json, sentencepiece.bpe.model, vocab.txt")]
    public async Task An_encoder_that_lacks_a_file_is_told_which(string missing, string message)
    {
        string model = Copy(Mpnet);
        foreach (string file in missing.Split('|')) File.Delete(Path.Combine(model, file));
        await FailsAsync(["embed", "--model", model], model, message);
    }

    [Fact]
    public async Task Weights_of_other_sizes_than_the_configuration_are_told_with_both_shapes()
    {
        string encoder = Copy(Mpnet), t5 = Copy(T5);
        Change(Path.Combine(encoder, "config.json"), config => config["intermediate_size"] = 128);
        Change(Path.Combine(t5, "config.json"), config => config["d_ff"] = 96);
        await FailsAsync(["embed", "--model", encoder], encoder, "has intermediate_size 128, expected a value that fits", "[64, ", "Is it from another model?");
        await FailsAsync(["generate", "--text", "words", "--model", t5], t5, "has d_ff 96, expected a value that fits", "64]", "Is it from another model?");
    }

    [Fact]
    public async Task Weights_that_are_cut_off_are_told_from_whole_ones()
    {
        string encoder = Copy(Mpnet), t5 = Copy(T5);
        foreach (string file in (string[])[Path.Combine(encoder, "model.safetensors"), Path.Combine(t5, "model.safetensors")])
        {
            using FileStream weights = File.OpenWrite(file);
            weights.SetLength(weights.Length / 2);
        }

        await FailsAsync(["embed", "--model", encoder], encoder, "is not a valid safetensors file", "Get the file anew.");
        await FailsAsync(["generate", "--text", "words", "--model", t5], t5, "is not a valid safetensors file", "Get the file anew.");
    }

    [Theory]
    [InlineData("tokenize")]
    [InlineData("embed")]
    public async Task A_tokenizer_of_an_unsupported_type_is_named_with_those_supported(string verb)
    {
        string model = Copy(Mpnet);
        Change(Path.Combine(model, "tokenizer.json"), tokenizer => tokenizer["model"]!["type"] = "BPE");
        await FailsAsync([verb, "--model", model], Path.Combine(model, "tokenizer.json"), "type BPE; supported are Unigram (T5, XLM-R) and WordPiece");
    }

    [Theory]
    [InlineData("train", "--base")]
    [InlineData("train-generator", "--from")]
    public async Task A_file_without_a_pair_is_told_with_what_a_pair_is(string verb, string start)
    {
        string pairs = Write("no tab\none\ttab\ttoo many\n", "pairs.tsv");
        await FailsAsync(
            [verb, pairs, start, verb == "train" ? Mpnet : T5, "-o", _folder["out"]],
            $"There is no pair in '{pairs}': of 2 lines none is 'query<TAB>passage'.");
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public async Task Skipped_lines_are_counted_and_the_first_is_named()
    {
        string pairs = Write("no tab\nquestion one\tAn answer.\nquestion two\tAnother one.\n\n", "pairs.tsv");
        ConsoleRun run = await ConsoleRun.OfAsync("", "train", pairs, "--base", Mpnet, "-o", _folder["out"], "--batch-size", "2", "--precision", "fp32");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"2 lines are not 'query<TAB>passage' and were skipped, the first of them line 1 of '{pairs}'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fewer_passages_than_a_batch_are_explained_before_training()
    {
        string pairs = Write(string.Concat(Enumerable.Range(0, 8).Select(i => $"question {i}\tanswer {i % 3}\n")), "pairs.tsv");
        await FailsAsync(
            ["train", pairs, "--base", Mpnet, "-o", _folder["out"], "--batch-size", "4"],
            "Of 8 pairs over 3 different passages no batch of 4 pairs", "Lower the batch size to 3 or less");
        await FailsAsync(["train", pairs, "--base", Mpnet, "-o", _folder["out"]], "8 usable pairs, fewer than a batch of 24");
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Theory]
    [InlineData("both")]
    [InlineData("meaning")]
    [InlineData("words")]
    public async Task A_query_longer_than_the_model_reads_finds_what_its_beginning_asks_for(string by)
    {
        string run = FinishedRun();
        string query = string.Join(' ', Enumerable.Repeat("what do the normans speak", 200));
        ConsoleRun found = await ConsoleRun.OfAsync("", "search", run, query, "--by", by, "--precision", "fp32", "--top", "1");
        Assert.True(found.ExitCode == 0, found.Error);
        Assert.StartsWith(" 1. ", found.Output, StringComparison.Ordinal);
        if (by == "words") Assert.Contains("The Normans", found.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void An_empty_query_is_an_error(string query)
    {
        RunFolder run = new(FinishedRun());
        using RunSearcher searcher = RunSearcher.Open(run, RunEncoder.Open(run));
        GenQException error = Assert.Throws<GenQException>(() => searcher.Search(query));
        Assert.Equal("The query is empty: say what you are looking for.", error.Message);
    }

    [Fact]
    public async Task Passages_that_are_not_those_of_the_index_are_told_apart()
    {
        string run = FinishedRun();
        File.AppendAllText(new RunFolder(run).Passages, """{"_id": "new", "text": "One more."}""" + "\n");
        await FailsAsync(["search", run, "normans"], "(3 passages) is not what the index was made of (2)");
    }

    [Fact]
    public async Task As_many_passages_in_another_order_are_not_those_of_the_index_either()
    {
        string run = FinishedRun();
        RunFolder files = new(run);
        await new GenQPipeline(run, new GenQSettings { Corpus = CorpusSource.Documents(run) }).IndexPassagesAsync();
        File.WriteAllLines(files.Passages, File.ReadAllLines(files.Passages).Reverse());
        await FailsAsync(["search", run, "normans"], "is not what the index was made of", $"genq index {run}");
    }

    [Fact]
    public async Task A_stage_before_its_turn_says_which_stage_is_missing()
    {
        string docs = Documents();
        ConsoleRun passages = await ConsoleRun.OfAsync("", "passages", docs, "-o", _folder["out"], "--generator", T5, "--base", Mpnet);
        Assert.True(passages.ExitCode == 0, passages.Error);
        await FailsAsync(["filter", _folder["out"]], $"'{_folder["out"]}' has no pairs yet. Run 'genq generate {_folder["out"]}' first.");
        await FailsAsync(["train", _folder["out"]], $"'{_folder["out"]}' has no pairs yet. Run 'genq generate {_folder["out"]}' first.");
        await FailsAsync(["index", _folder["out"]], $"'{_folder["out"]}' has no model yet. Run 'genq train {_folder["out"]}' first.");
        await FailsAsync(["evaluate", _folder["out"]], $"'{_folder["out"]}' has no model yet. Run 'genq train {_folder["out"]}' first.");
        await FailsAsync(["search", _folder["out"], "question"], $"'{_folder["out"]}' has no model: finish the run");
        Copy(Mpnet, _folder["out", "model"]);
        File.Delete(_folder["out", "passages.jsonl"]);
        await FailsAsync(["index", _folder["out"]], $"'passages.jsonl', which the stage 'passages' has written, is missing. Run 'genq passages DOCS -o {_folder["out"]}' first.");
    }

    [Fact]
    public async Task A_full_disk_is_told_with_the_file_at_every_stage()
    {
        Assert.SkipUnless(File.Exists(Full), "only Linux has /dev/full");
        string pairs = Write("question one\tAn answer.\nquestion two\tAnother one.\n", "pairs.tsv");
        FullDisk("run", "passages.jsonl" + AtomicFile.PartialSuffix);
        FullDisk("encoder", "training.jsonl" + AtomicFile.PartialSuffix);
        FullDisk("weights", "model", "model.safetensors" + AtomicFile.PartialSuffix);
        FullDisk("t5", "training.jsonl" + AtomicFile.PartialSuffix);
        await FailsAsync(
            ["run", Documents(), "-o", _folder["run"], "--generator", T5, "--base", Mpnet],
            $"'{_folder["run", "passages.jsonl"]}' cannot be written: No space left on device", "Free some space");
        await FailsAsync(
            ["train", pairs, "--base", Mpnet, "-o", _folder["encoder"], "--batch-size", "2", "--precision", "fp32"],
            $"'{_folder["encoder", "training.jsonl"]}' cannot be written: No space left on device", "Free some space", "goes on from its last checkpoint");
        await FailsAsync(
            ["train", pairs, "--base", Mpnet, "-o", _folder["weights"], "--batch-size", "2", "--precision", "fp32"],
            $"'{_folder["weights", "model", "model.safetensors"]}' cannot be written: No space left on device", "Free some space");
        await FailsAsync(
            ["train-generator", pairs, "--from", T5, "-o", _folder["t5"], "--batch-size", "2", "--steps", "2", "--precision", "fp32"],
            $"'{_folder["t5", "training.jsonl"]}' cannot be written: No space left on device", "Free some space");
    }

    [Fact]
    public async Task A_file_in_the_place_of_the_output_folder_is_named()
    {
        string pairs = Write("question one\tAn answer.\nquestion two\tAnother one.\n", "pairs.tsv"), taken = Write("", "taken");
        await FailsAsync(["run", Documents(), "-o", taken, "--base", Mpnet], taken, "cannot be written", "choose another output folder");
        await FailsAsync(["passages", Documents(), "-o", taken, "--base", Mpnet], taken, "cannot be written", "choose another output folder");
        await FailsAsync(["train", pairs, "--base", Mpnet, "-o", taken, "--batch-size", "2"], taken, "cannot be written", "choose another output folder");
        await FailsAsync(["train", pairs, "--from-scratch", Mpnet, "-o", taken, "--batch-size", "2"], taken, "cannot be written", "choose another output folder");
        await FailsAsync(["train-generator", pairs, "--from", T5, "-o", taken], taken, "cannot be written", "choose another output folder");
    }

    [Fact]
    public async Task Sizes_that_did_not_fit_can_be_mended_and_given_again()
    {
        string texts = Write("one text\nanother text\na third text\n", "texts.txt"), sizes = _folder["sizes"];
        string[] distill = ["distill", texts, "--teacher", Mpnet, "--from-scratch", sizes, "-o", _folder["out"], "--steps", "1", "--batch-size", "3", "--precision", "fp32"];
        using EncoderGolden golden = new("mpnet-tiny");
        golden.CopyTo(sizes, ("hidden_size", 64));
        await FailsAsync(distill, "Take a wider teacher or a smaller hidden_size.");
        golden.CopyTo(sizes, ("hidden_size", 16));
        ConsoleRun mended = await ConsoleRun.OfAsync("", distill);
        Assert.True(mended.ExitCode == 0, mended.Error);
    }

    [Fact]
    public async Task A_run_is_not_mixed_with_other_settings()
    {
        string[] run = ["run", Documents(), "-o", _folder["out"], "--generator", T5, "--base", Mpnet, "--set", "training.batch-size=2", "filter-rank=0", "--precision", "fp32"];
        ConsoleRun passages = await ConsoleRun.OfAsync("", ["passages", .. run[1..]]);
        Assert.True(passages.ExitCode == 0, passages.Error);
        await FailsAsync(["run", _folder["docs", "0.txt"], .. run[2..]], "The stage 'passages'", "documents was", "Use the old ones, or another output folder; or delete passages.jsonl there");
        ConsoleRun pairs = await ConsoleRun.OfAsync("", "generate", _folder["out"]);
        Assert.True(pairs.ExitCode == 0, pairs.Error);
        await FailsAsync([.. run, "--queries", "2"], "The stage 'generate'", "count was 3, is now 2", "Use the old ones, or another output folder; or delete heldout/ and pairs/ there");
        File.AppendAllText(_folder["out", "passages.jsonl"], """{"_id": "new", "text": "One more."}""" + "\n");
        await FailsAsync(["generate", _folder["out"]], "'passages.jsonl' of the stage 'passages' is damaged or changed", $"Put it back from a copy; or delete '{_folder["out", "passages.jsonl"]}'");
    }

    [Fact]
    public async Task An_interrupted_training_is_not_mixed_with_other_settings()
    {
        string tsv = Write("question one\tAn answer.\nquestion two\tAnother one.\n", "pairs.tsv");
        QueryPassagePair[] pairs = [.. PairFiles.Read(tsv)];
        using CancellationTokenSource stop = new();
        SynchronousProgress<TrainingStep> afterOne = new(_ => stop.Cancel());
        BiEncoderTrainerOptions encoder = new() { BatchSize = 2, Epochs = 3, Precision = Precision.Fp32 };
        Assert.Throws<OperationCanceledException>(
            () => new BiEncoderTrainer(encoder).Train(Mpnet, pairs, _folder["encoder"], progress: afterOne, cancellation: stop.Token));
        GeneratorTrainerOptions generator = new() { BatchSize = 2, Steps = 3, Precision = Precision.Fp32 };
        Assert.Throws<OperationCanceledException>(
            () => new GeneratorTrainer(generator).Train(T5, pairs, [], _folder["t5"], cancellation: stop.Token));

        string[] train = ["train", tsv, "--base", Mpnet, "-o", _folder["encoder"], "--batch-size", "2", "--epochs", "3", "--precision", "fp32"];
        await FailsAsync(
            [.. train, "--learning-rate", "1e-3"], "training with other settings: learning rate was 2E-05, is now 0.001. Go on with the old settings");
        string[] trainGenerator = ["train-generator", tsv, "--from", T5, "-o", _folder["t5"], "--batch-size", "2", "--steps", "3", "--precision", "fp32"];
        await FailsAsync(
            [.. trainGenerator, "--label-smoothing", "0.5"],
            "training with other settings: label smoothing was 0, is now 0.5. Go on with the old settings");
        Assert.Equal(0, (await ConsoleRun.OfAsync("", train)).ExitCode);
        Assert.Equal(0, (await ConsoleRun.OfAsync("", trainGenerator)).ExitCode);
    }

    // A message, no stack trace, nothing on stdout.
    private static async Task FailsAsync(string[] arguments, params string[] words)
    {
        ConsoleRun run = await ConsoleRun.OfAsync("", arguments);
        Assert.True(run.ExitCode == Failed, $"{run.ExitCode}: {run.Error}");
        string message = Assert.Single(run.Error.Split("genq: ")[1..]);
        Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    private string Documents()
    {
        for (int i = 0; i < 4; i++) Write($"Text number {i} says what is to be done with part {i}.", "docs", $"{i}.txt");
        return _folder["docs"];
    }

    // What a run leaves for a search; the base stands in for the adapted model.
    private string FinishedRun()
    {
        RunFolder run = new(_folder["finished"]);
        Passage[] passages = [new("1", "The Normans spoke Old French."), new("2", "Plants use light.")];
        Copy(Mpnet, run.Model);
        PassageFile.Write(run.Passages, passages);
        Bm25Index.Build(passages, Analyzer.English).Save(run.WordIndex);
        using BiEncoder encoder = BiEncoder.Load(run.Model, new BiEncoderOptions { Precision = Precision.Fp32 });
        float[][] vectors = encoder.EncodePassages([.. passages.Select(passage => passage.SearchText)]);
        PassageIndex.Write(run.Index, Fingerprint.OfModel(run.Model), encoder.Dimensions, vectors.Select(vector => (ReadOnlyMemory<float>)vector));
        return run.Path;
    }

    private string Write(string text, params string[] path)
    {
        string file = _folder[path];
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    // Whatever is written to the file meets a full disk.
    private void FullDisk(params string[] path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        File.CreateSymbolicLink(_folder[path], Full);
    }

    private string Copy(string model, string? target = null)
    {
        target ??= _folder[Path.GetFileName(model)];
        foreach (string file in Directory.EnumerateFiles(model, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(model, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllBytes(copy, File.ReadAllBytes(file));
        }

        return target;
    }

    private static void Change(string file, Action<JsonNode> change)
    {
        JsonNode json = JsonNode.Parse(File.ReadAllText(file))!;
        change(json);
        File.WriteAllText(file, json.ToJsonString());
    }
}
