namespace GenQ.ChatClients;

/// <summary>How a language model is spoken to.</summary>
public enum ChatProtocol
{
    /// <summary>OpenAI's chat completions, which most servers and services speak: llama.cpp, LM Studio, vLLM, hosted ones.</summary>
    OpenAI,

    /// <summary>Ollama's own protocol.</summary>
    Ollama,
}
