using System.Text.Json.Serialization;
using GenQ.Data;

namespace GenQ;

/// <summary>Where a run's passages come from.</summary>
/// <param name="Kind">What lies there.</param>
/// <param name="Paths">Files, folders and patterns of documents; or the one SQuAD file; or the one BEIR folder.</param>
public sealed record CorpusSource(CorpusKind Kind, IReadOnlyList<string> Paths)
{
    /// <summary>Nothing: a run refuses it.</summary>
    public static CorpusSource None { get; } = Documents();

    /// <summary>Documents: files, folders and patterns; a <c>.jsonl</c> file is a corpus in BEIR's layout.</summary>
    public static CorpusSource Documents(params IReadOnlyList<string> paths) => new(CorpusKind.Documents, paths);

    /// <summary>The paragraphs of a SQuAD v1.1 file.</summary>
    public static CorpusSource Squad(string file) => new(CorpusKind.Squad, [file]);

    /// <summary>The corpus of a BEIR folder, on whose queries the run is measured.</summary>
    public static CorpusSource Beir(string folder) => new(CorpusKind.Beir, [folder]);

    /// <summary>The SQuAD file or the BEIR folder.</summary>
    [JsonIgnore]
    internal string Path => Paths[0];

    /// <summary>Checks that there is something to read.</summary>
    /// <exception cref="GenQException">There is not.</exception>
    internal void Validate()
    {
        if (Paths.Count == 0 || (Kind != CorpusKind.Documents && Paths.Count != 1))
            throw new GenQException("There is nothing to read: give documents, or one SQuAD file, or one BEIR folder.") { Where = "corpus" };
    }
}
