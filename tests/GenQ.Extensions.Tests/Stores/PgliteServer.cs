using System.Diagnostics;
using GenQ.Postgres;

namespace GenQ.Extensions.Tests.Stores;

/// <summary>A PostgreSQL with pgvector for the tests that share it: PGlite in a process of Node. Where it is not installed those tests are skipped.</summary>
public sealed class PgliteServer : IAsyncLifetime
{
    private static readonly string Folder = Path.Combine(TinyRun.Root, "eng", "pglite");

    private Process? _process;
    private string? _address;
    private string _missing = "";

    public async ValueTask InitializeAsync()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
        {
            _missing = "PGlite is not installed: run 'npm ci' in eng/pglite";
            return;
        }

        try
        {
            _process = Process.Start(new ProcessStartInfo("node", [Path.Combine(Folder, "server.mjs"), "0"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            _missing = "there is no node on the path";
            return;
        }

        _address = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("PGlite has ended before it listened.");
    }

    /// <summary>Its address; the test is skipped, saying so, where it is not installed.</summary>
    public string Address
    {
        get
        {
            Assert.SkipUnless(_address is not null, _missing);
            return _address!;
        }
    }

    /// <summary>A store in it.</summary>
    public PostgresVectorStore Open(PostgresVectorStoreOptions? options = null) => new(Address, options);

    // It ends when its input does.
    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
