using GenQ.Data;

namespace GenQ.Generation;

/// <summary>How a language model is asked for queries, whichever client speaks to it.</summary>
public sealed record ChatWriterOptions
{
    /// <summary>The language model, as "openai:MODEL" (any service that speaks OpenAI's protocol) or "ollama:MODEL"; without one a T5 writes.</summary>
    [Setting("Writes in place of the T5: openai:MODEL or ollama:MODEL.")]
    public string? Writer { get; init; }

    /// <summary>The address of the service.</summary>
    [Setting("The address of the service.", Default = "the service's own, or Ollama's on this machine", Decides = false)]
    public string? Url { get; init; }

    /// <summary>Who searches, and for what, in a sentence.</summary>
    [Setting("Who searches, and for what, in a sentence.")]
    public string? Audience { get; init; }

    /// <summary>A file of lines "query TAB passage": what people asked, as examples.</summary>
    [Setting("A file of lines 'query TAB passage', what people have asked, as examples; the first 12 are shown.")]
    public string? Examples { get; init; }

    /// <summary>A prompt in place of GenQ's own, with the same sections.</summary>
    [Setting("A prompt in place of GenQ's own, a Markdown file with the same sections.")]
    public string? Prompt { get; init; }

    /// <summary>How boldly it writes, in [0, 2]; not every model lets itself be told.</summary>
    [Setting("How boldly the language model writes.", Default = "the model's own", AtLeast = 0, AtMost = 2)]
    public double? Temperature { get; init => field = SettingsSchema<ChatWriterOptions>.Check(value); }

    /// <summary>Passages put into one call, 1 to 50: more are cheaper, since the instructions are sent once, and less well written for.</summary>
    [Setting("Passages in one call.", AtLeast = 1, AtMost = 50, Decides = false)]
    public int PassagesPerCall { get; init => field = SettingsSchema<ChatWriterOptions>.Check(value); } = 4;

    /// <summary>Calls that are on their way at a time, 1 to 256.</summary>
    [Setting("Calls that are on their way at a time.", AtLeast = 1, AtMost = 256, Decides = false)]
    public int Concurrency { get; init => field = SettingsSchema<ChatWriterOptions>.Check(value); } = 4;

    /// <summary>Calls begun within a minute, at least 1.</summary>
    [Setting("The most calls begun within a minute.", AtLeast = 1, Decides = false)]
    public int? CallsPerMinute { get; init => field = SettingsSchema<ChatWriterOptions>.Check(value); }

    /// <summary>Seconds until an answer must be whole, above 0; a client of your own keeps its own limit.</summary>
    [Setting("Seconds until an answer must be whole, before it is asked for again.", Above = 0, Decides = false)]
    public double SecondsPerCall { get; init => field = SettingsSchema<ChatWriterOptions>.Check(value); } = 180;

    /// <summary>Minutes after which no further call is begun, above 0: the run then ends with an error and can be gone on with.</summary>
    [Setting("Minutes after which no further call is begun; the run can then be gone on with.", Above = 0, Decides = false)]
    public double? Minutes { get; init => field = SettingsSchema<ChatWriterOptions>.Check(value); }

    /// <summary>Whether the model is held to a JSON schema; one that cannot be is asked for JSON in words.</summary>
    [Setting("Hold the model to a JSON schema where it can be; else JSON is asked for in words.", Decides = false)]
    public bool Schema { get; init; } = true;

    /// <summary>What a million tokens that the model reads cost, in any currency, at least 0.</summary>
    [Setting("What a million tokens that the model reads cost, for the estimate of a dry run.", AtLeast = 0, Decides = false)]
    public double? PriceIn { get; init => field = SettingsSchema<ChatWriterOptions>.Check(value); }

    /// <summary>What a million tokens that the model writes cost, in any currency, at least 0.</summary>
    [Setting("What a million tokens that the model writes cost, for the estimate of a dry run.", AtLeast = 0, Decides = false)]
    public double? PriceOut { get; init => field = SettingsSchema<ChatWriterOptions>.Check(value); }
}
