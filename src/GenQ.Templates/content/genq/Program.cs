// Adapts a search model to a folder of documents, and answers questions from it.
//
//   dotnet run -- DOCUMENTS [QUESTION ...]
//
// The first time this takes minutes; what is finished is not done again. Without questions it asks for them.
using GenQ;
using GenQ.Data;
using GenQ.Evaluation;
using GenQ.Retrieval;

if (args.Length == 0)
{
    Console.Error.WriteLine("Which folder of documents? dotnet run -- DOCUMENTS [QUESTION ...]");
    return 2;
}

string run = Path.Combine("runs", Path.GetFileName(Path.GetFullPath(args[0]).TrimEnd(Path.DirectorySeparatorChar)));
try
{
    GenQSettings settings = new() { Corpus = CorpusSource.Documents(args[0]) };
    RunReport report = await new GenQPipeline(run, settings, new Progress<StageProgress>(Show)).RunAsync();
    Console.WriteLine(report.Verdict.Sentence);

    RunFolder folder = new(run);
    using RunSearcher searcher = RunSearcher.Open(folder, RunEncoder.Open(folder));
    foreach (string question in args.Length > 1 ? args.Skip(1) : Asked())
    {
        Console.WriteLine($"> {question}");
        foreach (SearchHit hit in searcher.Search(question, top: 3).Hits) Console.WriteLine($"  {hit.Score:0.00}  {hit.Passage.Title ?? hit.Passage.Id}");
    }

    return 0;
}
catch (GenQException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static void Show(StageProgress stage)
{
    if (stage.Total > 0) Console.Error.WriteLine($"{stage.Stage} {stage.Done}/{stage.Total}");
}

static IEnumerable<string> Asked()
{
    Console.Write("A question: ");
    while (Console.ReadLine() is { Length: > 0 } question)
    {
        yield return question;
        Console.Write("A question: ");
    }
}
