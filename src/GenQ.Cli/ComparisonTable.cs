using System.Globalization;
using GenQ.Data;
using GenQ.Evaluation;
using GenQ.Retrieval;
using Spectre.Console;
using Line = Spectre.Console.Text;

namespace GenQ.Cli;

/// <summary>A comparison as a table on stdout. On a terminal the best figure of each column is bold, and what is compared with another row is green or red.</summary>
internal static class ComparisonTable
{
    // Where a terminal is narrower, two figures have to do.
    private const int ColumnsOfAll = 64;

    private static readonly (string Name, Func<RetrievalMetrics, double> Of, bool IsLeftOut)[] Figures =
    [
        ("nDCG@10", metrics => metrics.Ndcg10, false),
        ("MRR@10", metrics => metrics.Mrr10, true),
        ("recall@10", metrics => metrics.Recall10, false),
        ("recall@100", metrics => metrics.Recall100, true),
    ];

    /// <summary>Prints it.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="pairs">Rows, each with the row that it is compared with.</param>
    public static void Print(ModelComparison comparison, params IReadOnlyList<(string Row, string With)> pairs)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        bool isNarrow = console.Profile.Width < ColumnsOfAll;
        (string Name, Func<RetrievalMetrics, double> Of, bool IsLeftOut)[] figures = [.. Figures.Where(figure => !isNarrow || !figure.IsLeftOut)];
        Table table = new()
        {
            Title = new TableTitle(Markup.Escape($"{PlainLine.Of(comparison.Task)}, {comparison.Results[0].Metrics.Queries.Count.ToString("N0", CultureInfo.InvariantCulture)} queries")),
            Border = TableBorder.Simple,
        };
        table.AddColumn("model");
        foreach ((string name, _, _) in figures) table.AddColumn(new TableColumn(name).RightAligned().NoWrap());
        foreach ((string model, RetrievalMetrics metrics) in comparison.Results)
        {
            string? with = pairs.Where(pair => pair.Row == model).Select(pair => pair.With).FirstOrDefault();
            table.AddRow([new Line(PlainLine.Of(model)), .. figures.Select(figure => Figure(figure.Of, metrics, with))]);
        }

        console.Write(table);

        Line Figure(Func<RetrievalMetrics, double> of, RetrievalMetrics metrics, string? with)
        {
            string shown = Shown(of(metrics));
            bool isBest = comparison.Results.All(other => of(other.Metrics) <= of(metrics));

            // What looks alike is alike.
            int sign = with is null ? 0 : string.CompareOrdinal(shown, Shown(of(comparison[with])));
            return new Line(shown, new Style(sign > 0 ? Color.Green : sign < 0 ? Color.Red : null, decoration: isBest ? Decoration.Bold : null));
        }
    }

    private static string Shown(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
