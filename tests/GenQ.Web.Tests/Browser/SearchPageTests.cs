using GenQ.Data;
using GenQ.Onnx;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GenQ.Web.Tests.Browser;

[Collection(ChromiumCollection.Name)]
public sealed class SearchPageTests(Chromium chromium)
{
    [Fact]
    public async Task Results_come_while_somebody_types_and_the_words_that_match_are_marked()
    {
        await using TestServer server = await TestServer.StartAsync();
        IPage page = await OpenAsync(server);
        await page.Locator("#q").PressSequentiallyAsync("pump");
        await Expect(page.Locator("#hits .hit")).ToHaveCountAsync(3);
        await Expect(page.Locator("#status")).ToContainTextAsync("3 results");
        Assert.Equal(["pump", "pumps"], (await page.Locator("#hits mark").AllInnerTextsAsync()).Order());
        Assert.Contains("q=pump", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_shows_the_same_search_again_and_the_back_button_the_one_before()
    {
        await using TestServer server = await TestServer.StartAsync();
        IPage page = await OpenAsync(server, "/?q=lamp&by=words");
        await Expect(page.Locator("#hits .hit")).ToHaveCountAsync(1);
        await Expect(page.Locator("#q")).ToHaveValueAsync("lamp");
        await Expect(page.Locator("#by-words")).ToBeCheckedAsync();
        await page.Locator("#q").FillAsync("valve");
        await Expect(page.Locator("#hits")).ToContainTextAsync("the valve leaks");
        await page.GoBackAsync();
        await Expect(page.Locator("#hits")).ToContainTextAsync("the lamp glows");
        await Expect(page.Locator("#q")).ToHaveValueAsync("lamp");
    }

    [Fact]
    public async Task The_slider_weighs_words_and_can_be_set_back_to_what_the_run_has_found()
    {
        await using TestServer server = await TestServer.StartAsync();
        IPage page = await OpenAsync(server, "/?q=pump");
        await Expect(page.Locator("#hits .hit")).ToHaveCountAsync(3);
        string found = await page.Locator("#words").InputValueAsync();
        string scores = await page.Locator("#hits").InnerTextAsync();
        await page.Locator("#words").FillAsync("0.9");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("words=0.9"));
        await Expect(page.Locator("#words-said")).ToHaveTextAsync(".90");
        await Expect(page.Locator("#hits")).Not.ToHaveTextAsync(scores);
        await page.Locator("#words-reset").ClickAsync();
        await Expect(page.Locator("#words")).ToHaveValueAsync(found);
        await Expect(page).Not.ToHaveURLAsync(new System.Text.RegularExpressions.Regex("words="));
    }

    [Fact]
    public async Task The_base_is_shown_beside_the_adapted_model_with_the_place_of_each_hit_in_the_other()
    {
        string? run = null;
        await using TestServer server = await TestServer.StartAsync(
            services: services => services.AddSingleton<BaseEncoder>(_ => OnnxEncoder.Load(new RunFolder(run!).Onnx)),
            prepare: own =>
            {
                own.WriteBaseVectors();
                run = own.Run.Path;
            });
        IPage page = await OpenAsync(server, "/?q=pump");
        await page.Locator("#compare").CheckAsync();
        await Expect(page.Locator("#base-hits .hit")).ToHaveCountAsync(3);
        await Expect(page.Locator("#hits .hit")).ToHaveCountAsync(3);
        await Expect(page.Locator("#hits .place").First).ToContainTextAsync("by the base");
        await Chromium.IsAccessibleAsync(page);
    }

    [Fact]
    public async Task Who_has_no_mouse_searches_reads_why_and_marks_an_answer()
    {
        await using TestServer server = await TestServer.StartAsync();
        IPage page = await OpenAsync(server);
        await page.Locator("#show-keys").FocusAsync();
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("lamp");

        // Results of a part of the word may have come before.
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("q=lamp"));
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await Expect(page.Locator("#results")).Not.ToHaveAttributeAsync("aria-busy", "true");
        await Expect(page.Locator("#hits .hit")).ToHaveCountAsync(3);
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("y");
        await Expect(page.Locator("#hits .why").First).ToContainTextAsync("cosine");
        await MarkAsync("r");
        await Expect(page.Locator("#hits .right").First).ToHaveAttributeAsync("aria-pressed", "true");
        await page.Keyboard.PressAsync("j");
        await MarkAsync("w");
        await Expect(page.Locator("#hits .wrong").Nth(1)).ToHaveAttributeAsync("aria-pressed", "true");
        IReadOnlyList<MarkedAnswer> answers = Judgements.Open(server.Run).Answers;
        Assert.Equal([true, false], answers.Select(answer => answer.IsRight));
        Assert.All(answers, answer => Assert.Equal("lamp", answer.Query));

        // The page shows a mark before the server has kept it.
        Task MarkAsync(string key) => page.RunAndWaitForResponseAsync(() => page.Keyboard.PressAsync(key), response => response.Request.Method == "POST");
    }

    [Fact]
    public async Task A_search_can_be_kept_to_a_file()
    {
        await using TestServer server = await TestServer.StartAsync();
        IPage page = await OpenAsync(server, "/?q=pump");
        await page.Locator("#facets button").First.ClickAsync();
        await Expect(page.Locator("#hits .hit")).ToHaveCountAsync(1);
        Assert.Contains("in=", page.Url, StringComparison.Ordinal);
        await page.Locator("#facets button[aria-pressed=true]").ClickAsync();
        await Expect(page.Locator("#hits .hit")).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task A_query_that_is_markup_is_shown_as_text()
    {
        await using TestServer server = await TestServer.StartAsync();
        IPage page = await OpenAsync(server);
        bool isAsked = false;
        page.Dialog += (_, dialog) =>
        {
            isAsked = true;
            _ = dialog.DismissAsync();
        };
        await page.Locator("#q").FillAsync("<img src=x onerror=alert(1)> pump");
        await Expect(page.Locator("#hits .hit")).ToHaveCountAsync(3);
        Assert.Equal(0, await page.Locator("#search img").CountAsync());
        Assert.False(isAsked);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Everybody_can_use_it_in_light_and_dark_at_a_desk_and_on_a_phone(ColorScheme scheme, int width)
    {
        await using TestServer server = await TestServer.StartAsync(prepare: own => own.WriteQueries());
        IPage page = await OpenAsync(server, "/", scheme, width);
        await Expect(page.Locator("#search")).ToBeVisibleAsync();
        await Chromium.IsAccessibleAsync(page);
        await page.Locator("#q").FillAsync("pump");
        await Expect(page.Locator("#hits .hit")).ToHaveCountAsync(3);
        await page.Locator(".why-button").First.ClickAsync();
        await Chromium.IsAccessibleAsync(page);
        await Chromium.FitsTheWidthAsync(page);
        await page.Locator("#show-keys").ClickAsync();
        await Expect(page.Locator("#keys")).ToBeVisibleAsync();
        await Chromium.IsAccessibleAsync(page);
    }

    [Fact]
    public async Task On_paper_stand_the_results_without_the_controls()
    {
        await using TestServer server = await TestServer.StartAsync();
        IPage page = await OpenAsync(server, "/?q=pump");
        await Expect(page.Locator("#hits .hit")).ToHaveCountAsync(3);
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(page.Locator("#refine")).ToBeHiddenAsync();
        await Expect(page.Locator("#hits")).ToBeVisibleAsync();
    }

    private async Task<IPage> OpenAsync(TestServer server, string path = "/", ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        IPage page = await chromium.PageAsync(scheme, width);
        await page.GotoAsync(new Uri(server.Server.Address, path).ToString());
        return page;
    }
}
