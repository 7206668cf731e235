using GenQ.Data;

namespace GenQ.Text;

/// <summary>Finds the folder of a model that is given by folder or by name.</summary>
public static class ModelFolder
{
    // The models that come with GenQ are known by their bare names.
    private static string? Embedded(string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "models", name);
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') || !Directory.Exists(folder)) return null;
        ShippedModels.Verify(folder);
        return folder;
    }

    private static bool IsMini(string name) => name.StartsWith("genq-mini-", StringComparison.Ordinal) && !name.Contains('/');

    /// <summary>
    /// Finds a model's folder, downloading the model when it is a name that is not in the cache; the thread waits meanwhile.
    /// </summary>
    /// <param name="nameOrFolder">
    /// A folder, which is its own answer, the name of a model that comes with GenQ, or a name on the hub such as
    /// <c>microsoft/mpnet-base</c>.
    /// </param>
    /// <returns>The folder.</returns>
    /// <exception cref="GenQException">It is neither a folder nor a name, cannot be downloaded, or came with GenQ and is damaged.</exception>
    public static string Resolve(string nameOrFolder) => Directory.Exists(nameOrFolder)
        ? nameOrFolder
        : Embedded(nameOrFolder) ?? Task.Run(() => ResolveAsync(nameOrFolder)).GetAwaiter().GetResult(); // on the pool, where no caller's context can be in the way

    /// <summary>Finds a model's folder, downloading the model when it is a name that is not in the cache.</summary>
    /// <param name="nameOrFolder">A folder, which is its own answer, or a name on the hub such as <c>microsoft/mpnet-base</c>.</param>
    /// <param name="options">Address, cache and token of the hub; those of the environment when left out.</param>
    /// <param name="revision">
    /// A branch, tag or commit of a model given by name. A cached branch is used as it is, without asking for a newer one.
    /// </param>
    /// <param name="progress">Told as bytes arrive.</param>
    /// <param name="cancellation">Stops the download; the next one goes on from there.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="GenQException">It is neither a folder nor a name, or cannot be downloaded.</exception>
    public static async Task<string> ResolveAsync(
        string nameOrFolder, HubOptions? options = null, string revision = "main", IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        if (Directory.Exists(nameOrFolder)) return nameOrFolder;
        if (Embedded(nameOrFolder) is { } embedded) return embedded;
        if (!HubClient.IsName(nameOrFolder))
        {
            throw new GenQException(IsMini(nameOrFolder)
                ? $"The mini model '{nameOrFolder}' is not in '{Path.Combine(AppContext.BaseDirectory, "models")}'. Reference the package GenQ.MiniModels, which puts it there, or name another model."
                : $"'{nameOrFolder}' is neither a folder here nor a model's name on the hub, which is like 'organisation/model'. Check the path, or give a name.")
            {
                Where = nameOrFolder,
                Expected = "a folder with a model, or a model's name",
            };
        }

        using HubClient hub = new(options);
        if (hub.FindCached(nameOrFolder, revision) is { } whole) return whole;
        try
        {
            return await hub.DownloadAsync(nameOrFolder, revision, progress, cancellation);
        }
        catch (GenQException e) when (e.InnerException is HttpRequestException
            && hub.FindCached(nameOrFolder, revision, whole: false) is not null)
        {
            // Python's libraries may have left out small files that they had no use for; without a network the rest has to do.
            return hub.FindCached(nameOrFolder, revision, whole: false)!;
        }
    }
}
