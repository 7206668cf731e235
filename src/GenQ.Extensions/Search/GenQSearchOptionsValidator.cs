using Microsoft.Extensions.Options;

namespace GenQ.Extensions;

/// <summary>Says what is wrong with options, each with where it is set and what would do.</summary>
internal sealed class GenQSearchOptionsValidator : IValidateOptions<GenQSearchOptions>
{
    private static readonly TimeSpan LeastCheck = TimeSpan.FromMilliseconds(10);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, GenQSearchOptions options)
    {
        string of = string.IsNullOrEmpty(name) ? "" : $" of the search '{name}'";
        List<string> wrong = [];
        if (string.IsNullOrWhiteSpace(options.Run))
            wrong.Add($"{nameof(options.Run)}{of} is not set: give the folder of a finished run, in code or in the configuration as {GenQSearchOptions.Section}:{nameof(options.Run)}.");
        if (options.Top < 1) wrong.Add($"{nameof(options.Top)}{of} is {options.Top}, expected is at least 1.");
        if (options.CheckEvery < LeastCheck && options.CheckEvery != Timeout.InfiniteTimeSpan)
            wrong.Add($"{nameof(options.CheckEvery)}{of} is {options.CheckEvery}, expected is at least {LeastCheck}, or {Timeout.InfiniteTimeSpan} for never.");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
