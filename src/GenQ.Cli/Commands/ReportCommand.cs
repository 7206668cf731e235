using System.CommandLine;
using GenQ.Data;
using GenQ.Reporting;

namespace GenQ.Cli.Commands;

/// <summary><c>genq report</c>: the report of a run as a page, made anew.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        Argument<string> run = new("RUN") { Description = "A run folder that has been measured." };
        Command command = new("report", """
            Makes the report of a run anew, and prints the path of the page.

            A run ends with this report. It is made of the files in the run folder: no model is opened.

            Example:
              genq report runs/manuals
            """)
        {
            run,
        };
        command.SetAction(parsed =>
        {
            RunFolder folder = new(parsed.GetValue(run)!);
            Console.WriteLine(RunPage.Write(folder, settings => Invocation.Of(folder, settings)));
            return 0;
        });
        return command;
    }
}
