using System.CommandLine;
using GenQ.Models;
using GenQ.Training;

namespace GenQ.Cli.Commands;

/// <summary>The options that make up the settings of a run, as <c>genq run</c> and <c>genq passages</c> take them.</summary>
internal sealed class RunOptions
{
    private readonly Argument<string[]> _documents = new("DOCS") { Description = "Files, folders and patterns; dotnet:NAME is the documentation of a .NET assembly, a .jsonl file a corpus in BEIR's layout.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string> _output = new("--output", "-o") { Description = "The run folder.", Required = true };
    private readonly Option<string?> _squad = new("--squad") { Description = "A SQuAD v1.1 file: its paragraphs are the passages." };
    private readonly Option<string?> _beir = new("--beir") { Description = "A BEIR folder: its corpus holds the passages, its queries measure." };
    private readonly Option<string?> _labelled = new("--labelled") { Description = "A BEIR folder with labelled queries to measure on." };
    private readonly Option<string> _preset = new Option<string>("--preset")
    {
        Description = "mini (small, offline) or base (the published models, from the hub).",
        DefaultValueFactory = _ => Preset.Mini.Name,
    }.OneOf(Preset.Mini.Name, Preset.Published.Name);
    private readonly Option<string?> _generator = new("--generator") { Description = "The T5 that writes queries: a folder or a name on the hub." };
    private readonly Option<string?> _base = new("--base") { Description = "The encoder that is adapted: a folder or a name on the hub." };
    private readonly Option<double?> _holdOut = new Option<double?>("--holdout")
    {
        Description = "Share of documents that only give evaluation queries; by default a tenth, or none where labelled queries are given (--labelled, --beir).",
    }.Within(share => share is >= 0 and < 1, "at least 0 and below 1");
    private readonly Option<bool> _noFilter = new("--no-filter") { Description = "Train also on duplicate and one-word queries; empty ones are left out all the same." };
    private readonly Option<int> _roundTrip = new Option<int>("--round-trip")
    {
        Description = "Train only on queries with which BM25 finds their passage among this many; 0 does not ask.",
        DefaultValueFactory = _ => 0,
    }.AtLeast(0);
    private readonly Option<int?> _crops = new Option<int?>("--crops")
    {
        Description = "How many of a passage's queries are spans cut out of it, in place of generated ones; 0 by default, for the mini preset's generator 2 and at most a third.",
    }.AtLeast(0);
    private readonly Option<bool> _int8 = new("--int8") { Description = "Write the queries with products of 8-bit whole numbers: faster where the processor can, a little less exact." };
    private readonly Option<double?> _baseShare = new Option<double?>("--base-share")
    {
        Description = "Share of the base's weights in the adapted model: 0.5 is the average of before and after. 0.25 by default with the mini preset, else 0.",
    }.Within(share => share is >= 0 and < 1, "at least 0 and below 1");
    private readonly Option<int?> _queries = new Option<int?>("--queries")
    {
        Description = "Queries per passage; 3 by default, for the mini preset's generator 8.",
    }.AtLeast(1);
    private readonly Option<int> _topK = new Option<int>("--top-k")
    {
        Description = "Sampling draws among this many tokens; 0 is all.",
        DefaultValueFactory = _ => 50,
    }.AtLeast(0);
    private readonly Option<double> _topP = new Option<double>("--top-p")
    {
        Description = "Sampling draws among tokens of this probability together.",
        DefaultValueFactory = _ => 0.95,
    }.Within(p => p is > 0 and <= 1, "above 0 and at most 1");
    private readonly Option<double?> _temperature = new Option<double?>("--temperature")
    {
        Description = "Lower is safer, higher more varied; 1 by default, for the mini preset's generator 0.6.",
    }.AboveZero();

    public void AddTo(Command command)
    {
        command.Arguments.Add(_documents);
        foreach (Option option in (Option[])[
            _output, _squad, _beir, _labelled, _preset, _generator, _base, _holdOut, _noFilter, _roundTrip, _queries, _crops, CommonOptions.Labels, CommonOptions.Neighbours, CommonOptions.QueriesTogether, _baseShare, _topK, _topP, _temperature, _int8,
            CommonOptions.Epochs, CommonOptions.MaxSteps, CommonOptions.BatchSize, CommonOptions.LearningRate, CommonOptions.CheckpointEvery,
            CommonOptions.Precision, CommonOptions.Seed, CommonOptions.Threads])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            bool[] sources = [result.GetValue(_documents) is { Length: > 0 }, result.GetValue(_squad) is not null, result.GetValue(_beir) is not null];
            if (result.GetValue(_noFilter) && result.GetValue(_roundTrip) > 0) result.AddError("--round-trip is a filter: leave --no-filter out.");
            if (sources.Count(isGiven => isGiven) != 1) result.AddError("Give either documents, or --squad FILE, or --beir FOLDER.");
        });
    }

    public string Output(ParseResult parsed) => parsed.GetValue(_output)!;

    public GenQSettings Settings(ParseResult parsed)
    {
        Preset preset = Preset.Named(parsed.GetValue(_preset)!);
        long seed = parsed.GetValue(CommonOptions.Seed);

        // The generator's settings suit the preset's own; those of the training any encoder that can search already.
        string? generator = parsed.GetValue(_generator), encoder = parsed.GetValue(_base);
        DecodingOptions decoding = generator is null ? preset.Decoding : new();
        BiEncoderTrainerOptions training = preset.Training;
        int queries = parsed.GetValue(_queries) ?? decoding.Count, crops = generator is null ? Math.Min(preset.Crops, queries / 3) : 0;
        return new GenQSettings
        {
            Documents = parsed.GetValue(_documents)!,
            Squad = Located(parsed.GetValue(_squad)),
            Beir = Located(parsed.GetValue(_beir)),
            Labelled = Located(parsed.GetValue(_labelled)),
            Generator = Located(generator) ?? preset.Generator,
            Base = Located(encoder) ?? preset.Base,
            HoldOut = parsed.GetValue(_holdOut),
            Filter = !parsed.GetValue(_noFilter),
            RoundTrip = parsed.GetValue(_roundTrip),
            Precision = parsed.GetValue(CommonOptions.Precision),
            Int8Generator = parsed.GetValue(_int8),
            Crops = parsed.GetValue(_crops) ?? crops,
            Decoding = decoding with
            {
                Count = queries,
                TopK = parsed.GetValue(_topK),
                TopP = parsed.GetValue(_topP),
                Temperature = parsed.GetValue(_temperature) ?? decoding.Temperature,
                Seed = seed,
            },
            Training = training with
            {
                Labels = parsed.GetValue(CommonOptions.Labels) ?? training.Labels,
                Neighbours = parsed.GetValue(CommonOptions.Neighbours) ?? training.Neighbours,
                QueriesTogether = parsed.GetValue(CommonOptions.QueriesTogether) ?? training.QueriesTogether,
                BaseShare = parsed.GetValue(_baseShare) ?? training.BaseShare,
                Epochs = parsed.GetValue(CommonOptions.Epochs) ?? training.Epochs,
                MaxSteps = parsed.GetValue(CommonOptions.MaxSteps) ?? training.MaxSteps,
                BatchSize = parsed.GetValue(CommonOptions.BatchSize),
                LearningRate = parsed.GetValue(CommonOptions.LearningRate) ?? training.LearningRate,
                CheckpointEvery = parsed.GetValue(CommonOptions.CheckpointEvery) ?? training.CheckpointEvery,
                Seed = seed,
            },
        };
    }

    // The stages may be called from other folders, where a path such as models/mine would be a name on the hub.
    private static string? Located(string? path) => File.Exists(path) || Directory.Exists(path) ? Path.GetFullPath(path) : path;
}
