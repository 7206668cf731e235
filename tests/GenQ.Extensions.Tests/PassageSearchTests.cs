using GenQ.Data;
using GenQ.Onnx;
using GenQ.Retrieval;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GenQ.Extensions.Tests;

public sealed class PassageSearchTests : IDisposable
{
    private readonly TinyRun _run = new("the pump is oiled every week", "the valve leaks", "the lamp glows");
    private readonly CollectedLog _log = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void A_registered_run_is_opened_once_and_searched()
    {
        int opened = 0;
        using ServiceProvider services = Services(options => options.Encoder = run =>
        {
            opened++;
            return OnnxEncoder.OfRun(run);
        });
        IPassageSearch search = services.GetRequiredService<IPassageSearch>();
        Assert.Equal(0, opened);
        Parallel.For(0, 8, _ => Assert.Equal("p1", search.Search("the valve leaks", mode: SearchMode.Words).Hits[0].Passage.Id));
        Assert.Equal("the lamp glows", services.GetRequiredService<IPassageSearch>().Search("lamp glows", 1).Hits[0].Passage.Text);
        Assert.Equal((1, 3, _run.Folder), (opened, search.Passages.Count, search.Run.Path));
        Assert.Contains(_log.Lines, line => line.Message.StartsWith($"Opened {_run.Folder}: 3 passages in ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_search_that_does_not_say_how_many_gives_as_many_results_as_the_options_say()
    {
        using ServiceProvider services = Services(options => options.Top = 2);
        IPassageSearch search = services.GetRequiredService<IPassageSearch>();
        Assert.Equal(2, search.Search("the pump").Hits.Count);
        Assert.Single(search.Search("the pump", 1).Hits);
    }

    [Fact]
    public void The_configuration_says_which_run_and_how()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection([
            new("GenQ:Search:Run", _run.Folder), new("GenQ:Search:Top", "1"), new("GenQ:Search:CheckEvery", "00:01:00"), new("Other:Run", _run.Folder)]).Build();
        ServiceCollection collection = new();
        collection.AddSingleton(configuration).AddGenQSearch();
        collection.AddKeyedGenQSearch("other", configuration.GetSection("Other"), options => options.Top = 3);
        using ServiceProvider services = collection.BuildServiceProvider();
        Assert.Single(services.GetRequiredService<IPassageSearch>().Search("the pump").Hits);
        Assert.Equal(3, services.GetRequiredKeyedService<IPassageSearch>("other").Search("the pump").Hits.Count);
        Assert.Equal(TimeSpan.FromMinutes(1), services.GetRequiredService<IOptionsMonitor<GenQSearchOptions>>().CurrentValue.CheckEvery);
    }

    [Theory]
    [InlineData("", 10, 5, "Run is not set: give the folder of a finished run, in code or in the configuration as GenQ:Search:Run.")]
    [InlineData("run", 0, 5, "Top is 0, expected is at least 1.")]
    [InlineData("run", 10, 0, "CheckEvery is 00:00:00, expected is at least 00:00:00.0100000, or -00:00:00.0010000 for never.")]
    public void A_wrong_option_is_told_with_what_would_do(string run, int top, int seconds, string message)
    {
        ServiceCollection collection = new();
        collection.AddGenQSearch(run, options => (options.Top, options.CheckEvery) = (top, TimeSpan.FromSeconds(seconds)));
        using ServiceProvider services = collection.BuildServiceProvider();
        OptionsValidationException error = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IPassageSearch>);
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Several_runs_are_told_apart_by_their_keys()
    {
        using TinyRun other = new("a crane lifts");
        ServiceCollection collection = new();
        collection.AddKeyedGenQSearch("machines", _run.Folder).AddKeyedGenQSearch("cranes", other.Folder);
        using ServiceProvider services = collection.BuildServiceProvider();
        Assert.Equal("a crane lifts", services.GetRequiredKeyedService<IPassageSearch>("cranes").Search("crane").Hits[0].Passage.Text);
        Assert.Equal(3, services.GetRequiredKeyedService<IPassageSearch>("machines").Passages.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_opens_the_run_at_its_start_where_it_is_asked_to(bool isAsked)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(_log);
        builder.Services.AddGenQSearch(_run.Folder, options => options.PreloadAtStart = isAsked);
        using IHost host = builder.Build();
        await host.StartAsync();
        Assert.Equal(isAsked, _log.Lines.Any(line => line.Message.StartsWith("Opened", StringComparison.Ordinal)));
        await host.StopAsync();
    }

    [Fact]
    public async Task A_host_that_is_to_open_a_run_that_is_not_there_does_not_start()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddGenQSearch(_run.Folder + "-gone", options => options.PreloadAtStart = true);
        using IHost host = builder.Build();
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => host.StartAsync());
        Assert.Contains($"There is no folder '{new RunFolder(_run.Folder + "-gone").Onnx}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Searches_from_many_threads_go_on_while_the_run_is_replaced()
    {
        using ServiceProvider services = Services();
        IPassageSearch search = services.GetRequiredService<IPassageSearch>();
        search.Refresh();
        using CancellationTokenSource stop = new();
        int searches = 0;
        HashSet<string> seen = [];
        Task[] searchers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                string text = search.Search("the pump", 1, SearchMode.Words).Hits[0].Passage.Text;
                lock (seen) seen.Add(text);
                Interlocked.Increment(ref searches);
            }
        }))];
        for (int version = 0; version < 10; version++)
        {
            _run.Write($"the pump of version {version}", "the valve");
            Assert.True(search.Refresh(), search.GetStatus().Problem);
            int until = Volatile.Read(ref searches) + 8;
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref searches) > until || Array.Exists(searchers, task => task.IsFaulted), TimeSpan.FromSeconds(30)));
        }

        await stop.CancelAsync();
        await Task.WhenAll(searchers);
        Assert.Superset(Enumerable.Range(0, 10).Select(version => $"the pump of version {version}").ToHashSet(), seen);
    }

    [Fact]
    public async Task A_version_that_is_replaced_is_closed_when_the_last_search_in_it_has_ended()
    {
        List<HeldEncoder> encoders = [];
        using ServiceProvider services = Services(options => options.Encoder = run =>
        {
            encoders.Add(new HeldEncoder(OnnxEncoder.OfRun(run)));
            return encoders[^1];
        });
        IPassageSearch search = services.GetRequiredService<IPassageSearch>();
        search.Refresh();
        encoders[0].Hold();
        Task<SearchAnswer> begun = Task.Run(() => search.Search("the pump", 1));
        encoders[0].WaitUntilEntered();
        _run.Write("a new pump");
        Assert.True(search.Refresh());
        Assert.Equal("a new pump", search.Search("the pump", 1).Hits[0].Passage.Text);
        Assert.False(encoders[0].IsDisposed);
        encoders[0].Release();
        Assert.Equal("the pump is oiled every week", (await begun).Hits[0].Passage.Text);
        Assert.True(encoders[0].IsDisposed);
        Assert.False(encoders[1].IsDisposed);
        services.Dispose();
        Assert.True(encoders[1].IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => search.Search("the pump"));
    }

    [Fact]
    public async Task A_broken_replacement_leaves_the_old_version_in_service_and_is_told()
    {
        using ServiceProvider services = Services();
        IPassageSearch search = services.GetRequiredService<IPassageSearch>();
        HealthReport report = await HealthAsync(services);
        Assert.Equal((HealthStatus.Healthy, $"'{_run.Folder}' is open: 3 passages."), (report.Status, report.Entries["genq"].Description));
        byte[] whole = File.ReadAllBytes(_run.Run.Index);
        File.Delete(_run.Run.Index);
        File.WriteAllBytes(_run.Run.Index, whole[..^4]);
        Assert.False(search.Refresh());
        Assert.False(search.Refresh());
        Assert.Equal("p0", search.Search("the pump is oiled", 1).Hits[0].Passage.Id);
        (LogLevel level, string message) = Assert.Single(_log.Lines, line => line.Level >= LogLevel.Warning);
        Assert.StartsWith($"{_run.Folder} has changed but cannot be opened; the version opened at ", message, StringComparison.Ordinal);
        Assert.Contains("Build it again. The stage 'index' of the run makes it.", message, StringComparison.Ordinal);
        Assert.Equal(LogLevel.Warning, level);
        report = await HealthAsync(services);
        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Contains("An older version of", report.Entries["genq"].Description, StringComparison.Ordinal);
        Assert.Contains("is it cut off?", report.Entries["genq"].Description, StringComparison.Ordinal);

        File.WriteAllBytes(_run.Run.Index, whole);
        Assert.True(search.Refresh());
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(services)).Status);
    }

    [Fact]
    public void A_new_version_is_opened_by_itself_when_two_looks_have_found_the_same_files()
    {
        ManualTime time = new();
        using ServiceProvider services = Services(options => options.CheckEvery = TimeSpan.FromSeconds(10), time);
        IPassageSearch search = services.GetRequiredService<IPassageSearch>();
        Assert.Equal(3, search.Passages.Count);
        _run.Write("the first half");
        time.Pass(TimeSpan.FromSeconds(10));
        _run.Write("the first half", "the second half");
        time.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal(3, search.Passages.Count);
        time.Pass(TimeSpan.FromSeconds(9));
        Assert.Equal(3, search.Passages.Count);
        time.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(2, search.Passages.Count);
    }

    [Fact]
    public void A_version_that_could_not_be_opened_is_tried_again_after_a_minute()
    {
        ManualTime time = new();
        bool isReachable = true;
        using ServiceProvider services = Services(
            options =>
            {
                options.CheckEvery = TimeSpan.FromSeconds(10);
                options.Encoder = run => isReachable ? OnnxEncoder.OfRun(run) : throw new IOException("The drive is away.");
            },
            time);
        IPassageSearch search = services.GetRequiredService<IPassageSearch>();
        search.Refresh();
        isReachable = false;
        _run.Write("a new pump");
        time.Pass(TimeSpan.FromSeconds(10));
        time.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal("The drive is away.", search.GetStatus().Problem);
        isReachable = true;
        time.Pass(TimeSpan.FromSeconds(50));
        Assert.Equal(3, search.Passages.Count);
        time.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal((1, null), (search.Passages.Count, search.GetStatus().Problem));
        Assert.Single(_log.Lines, line => line.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task A_run_that_cannot_be_opened_at_all_is_unhealthy_until_it_can()
    {
        string aside = _run.Run.Onnx + "-aside";
        Directory.Move(_run.Run.Onnx, aside);
        using ServiceProvider services = Services();
        HealthReport report = await HealthAsync(services);
        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.Contains("Check the path, or export the encoder. The stage 'export' of the run makes it.", report.Entries["genq"].Description, StringComparison.Ordinal);
        GenQException error = Assert.Throws<GenQException>(() => services.GetRequiredService<IPassageSearch>().Search("the pump"));
        Assert.Equal(new Remedy.RunStage("export", _run.Folder), error.Remedy);
        Directory.Move(aside, _run.Run.Onnx);
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(services)).Status);
    }

    [Fact]
    public void A_run_of_a_newer_GenQ_is_told_with_both_versions()
    {
        File.WriteAllText(_run.Run.Settings, File.ReadAllText(_run.Run.Settings).Replace($"\"{RunRecords.Version}\"", "\"99.1.0\"", StringComparison.Ordinal));
        using ServiceProvider services = Services();
        GenQException error = Assert.Throws<GenQException>(() => services.GetRequiredService<IPassageSearch>().Search("the pump"));
        Assert.Equal($"The stage 'index' of '{_run.Folder}' was made by GenQ 99.1.0, this is {RunRecords.Version}: update GenQ, or begin another run.", error.Message);
    }

    [Fact]
    public void An_export_whose_model_has_changed_since_is_told_with_the_stage_that_mends_it()
    {
        TinyRun.Copy(TinyRun.Model, _run.Run.Model);
        using ServiceProvider services = Services();
        IPassageSearch search = services.GetRequiredService<IPassageSearch>();
        Assert.True(search.GetStatus().IsOpen, search.GetStatus().Problem);
        File.AppendAllText(Path.Combine(_run.Run.Model, "config_sentence_transformers.json"), """{"prompts": {"query": "ask: "}}""");
        Assert.False(search.Refresh());
        Assert.Contains("the model has changed since, or it is another. Export it again. The stage 'export' of the run makes it.", search.GetStatus().Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_checks_of_several_searches_have_names_and_statuses_of_their_own()
    {
        ServiceCollection collection = new();
        collection.AddLogging().AddKeyedGenQSearch("there", _run.Folder).AddKeyedGenQSearch("gone", _run.Folder + "-gone");
        collection.AddHealthChecks().AddGenQSearch("first", "there").AddGenQSearch("second", "gone", HealthStatus.Degraded, ["search"]);
        using ServiceProvider services = collection.BuildServiceProvider();
        HealthReport report = await HealthAsync(services);
        Assert.Equal((HealthStatus.Healthy, HealthStatus.Degraded), (report.Entries["first"].Status, report.Entries["second"].Status));
        Assert.Equal(["search"], report.Entries["second"].Tags);
    }

    private static Task<HealthReport> HealthAsync(IServiceProvider services) => services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

    private ServiceProvider Services(Action<GenQSearchOptions>? configure = null, TimeProvider? time = null)
    {
        ServiceCollection services = new();
        services.AddLogging(logging => logging.AddProvider(_log).SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.None));
        services.AddGenQSearch(_run.Folder, configure).AddHealthChecks().AddGenQSearch();
        if (time is not null) services.AddSingleton(time);
        return services.BuildServiceProvider();
    }
}
