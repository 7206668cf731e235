namespace GenQ.ChatClients;

/// <summary>A service did not answer a call, for a reason that trying again does not mend.</summary>
/// <param name="status">The HTTP status; <see langword="null"/> where there was no whole answer.</param>
/// <param name="reason">What the service or the network says.</param>
/// <param name="code">The service's own name for the error, where it has one.</param>
/// <param name="inner">The failure of the network.</param>
internal sealed class ChatServiceException(int? status, string reason, string? code = null, Exception? inner = null) : Exception(reason, inner)
{
    public int? Status => status;

    public string? Code => code;

    /// <summary>Whether the service takes no schema of an answer.</summary>
    public bool IsAboutSchema => status is 400 or 404 or 422 or 500 or 501
        && (Message.Contains("response_format", StringComparison.OrdinalIgnoreCase)
            || Message.Contains("json_schema", StringComparison.OrdinalIgnoreCase)
            || Message.Contains("structured output", StringComparison.OrdinalIgnoreCase)
            || Message.Contains("grammar", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the service refuses the content of the call: the model's answer to it, so to speak.</summary>
    public bool IsRefusal => status is 400 or 403 && code is "content_filter" or "content_policy_violation";

    /// <summary>Whether the account has nothing left.</summary>
    public bool IsQuota => code is "insufficient_quota" or "billing_hard_limit_reached" || status == 402;
}
