using System.Text.Json.Serialization;

namespace GenQ.Models;

/// <summary>A task of a T5, as <c>task_specific_params</c> of its <c>config.json</c> holds it.</summary>
/// <param name="Prefix">What the input begins with, its space included: "question: ".</param>
/// <param name="NumReturnSequences">How many texts of this task are written for an input; <see langword="null"/> for a task that is no kind of query.</param>
internal sealed record T5Task(
    string? Prefix, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? NumReturnSequences = null);
