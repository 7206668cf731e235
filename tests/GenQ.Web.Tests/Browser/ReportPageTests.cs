using GenQ.Reporting;
using GenQ.Tests.Reporting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GenQ.Web.Tests.Browser;

[Collection(ChromiumCollection.Name)]
public sealed class ReportPageTests(Chromium chromium)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Everybody_can_read_it_in_light_and_dark_at_a_desk_and_on_a_phone(ColorScheme scheme, int width)
    {
        using TinyRun run = new();
        IPage page = await chromium.PageAsync(scheme, width);
        List<string> asked = [];
        page.Request += (_, request) => asked.Add(request.Url);
        string report = new Uri(RunPage.Write(run.Folder, null)).ToString();
        await page.GotoAsync(report);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("The adapted model is better than its base");
        await Expect(page.GetByRole(AriaRole.Img).First).ToBeVisibleAsync();
        await Chromium.IsAccessibleAsync(page);
        await Chromium.FitsTheWidthAsync(page);
        Assert.Equal([report], asked);
    }

    [Fact]
    public async Task Its_charts_have_text_that_lies_within_them()
    {
        using TinyRun run = new();
        IPage page = await chromium.PageAsync(width: 390);
        await page.GotoAsync(new Uri(RunPage.Write(run.Folder, null)).ToString());
        string[] wrong = await page.EvaluateAsync<string[]>("""
            [...document.querySelectorAll('svg')].filter(chart => chart.checkVisibility()).flatMap(chart => {
              const box = chart.getBoundingClientRect(), texts = [...chart.querySelectorAll('text')];
              const outside = texts.filter(text => { const own = text.getBoundingClientRect(); return own.left < box.left - 1 || own.right > box.right + 1 || own.top < box.top - 1 || own.bottom > box.bottom + 1; });
              const small = texts.filter(text => parseFloat(getComputedStyle(text).fontSize) * box.width / (chart.viewBox.baseVal.width || box.width) < 10);
              return texts.length === 0 ? ['a chart without text'] : [...outside, ...small].map(text => text.textContent);
            })
            """);
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task On_paper_stand_the_sections_in_black_on_white()
    {
        using TinyRun run = new();
        IPage page = await chromium.PageAsync(ColorScheme.Dark);
        await page.GotoAsync(new Uri(RunPage.Write(run.Folder, null)).ToString());
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.Equal("rgb(255, 255, 255)", await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Settings" }).First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_search_page_leads_to_the_report_of_its_run()
    {
        await using TestServer server = await TestServer.StartAsync(prepare: own =>
        {
            using TinyRun measured = new();
            Directory.CreateDirectory(Path.GetDirectoryName(own.Run.ReportPage)!);
            File.Copy(RunPage.Write(measured.Folder, null), own.Run.ReportPage);
        });
        IPage page = await chromium.PageAsync();
        await page.GotoAsync(server.Server.Address.ToString());
        await page.Locator("#report").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("better than its base");
    }
}
