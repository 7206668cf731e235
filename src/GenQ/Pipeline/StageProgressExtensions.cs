using System.Globalization;
using GenQ.Data;

namespace GenQ;

/// <summary>What the stages tell, where somebody listens.</summary>
internal static class StageProgressExtensions
{
    /// <summary>Tells a message.</summary>
    public static void Say(this IProgress<StageProgress>? progress, FormattableString message)
        => progress?.Report(new StageProgress("", 0, 0, message.ToString(CultureInfo.InvariantCulture), StageMoment.Said));

    /// <summary>Tells that a stage begins or ends.</summary>
    public static void Tell(this IProgress<StageProgress>? progress, string stage, StageMoment moment, string words = "")
        => progress?.Report(new StageProgress(stage, 0, 0, words, moment));

    /// <summary>Makes a receiver for what one part of a stage reports.</summary>
    /// <param name="progress">Receives it as a stage's progress.</param>
    /// <param name="stage">The stage's name.</param>
    /// <param name="read">Reads how much is done, of how much, and the words beside it.</param>
    public static IProgress<T>? Of<T>(this IProgress<StageProgress>? progress, string stage, Func<T, (long Done, long Total, string Words)> read)
        => progress is null ? null : new SynchronousProgress<T>(report =>
        {
            (long done, long total, string words) = read(report);
            progress.Report(new StageProgress(stage, done, total, words));
        });
}
