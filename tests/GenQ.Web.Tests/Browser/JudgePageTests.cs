using GenQ.Data;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace GenQ.Web.Tests.Browser;

[Collection(ChromiumCollection.Name)]
public sealed class JudgePageTests(Chromium chromium)
{
    [Fact]
    public async Task Queries_are_rejected_restored_edited_and_added()
    {
        await using TestServer server = await TestServer.StartAsync(prepare: own => own.WriteQueries());
        IPage page = await OpenAsync(server);
        ILocator queries = page.Locator("#passage-list .queries");
        await Expect(queries).ToContainTextAsync("how often is the pump oiled");
        await Expect(queries).ToContainTextAsync("dropped: one word");

        await page.GetByRole(AriaRole.Button, new() { Name = "Reject: how often is the pump oiled" }).ClickAsync();
        await Expect(page.Locator("#judged")).ToContainTextAsync("1 query rejected");
        await page.GetByRole(AriaRole.Button, new() { Name = "Restore: how often is the pump oiled" }).ClickAsync();
        await Expect(page.Locator("#judged")).ToContainTextAsync("0 queries rejected");

        await page.GetByRole(AriaRole.Button, new() { Name = "Edit: how often is the pump oiled" }).ClickAsync();
        await page.GetByLabel("The query in other words").FillAsync("when must I oil the pump");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(queries).ToContainTextAsync("when must I oil the pump");

        await page.Locator("#passage-list .add input").FillAsync("oil interval");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#judged")).ToContainTextAsync("2 added");
        Judgements judged = Judgements.Open(server.Run);
        Assert.Equal([new("p0", "how often is the pump oiled")], judged.Rejected);
        Assert.Equal([new("p0", "when must I oil the pump"), new("p0", "oil interval")], judged.Added);
    }

    [Fact]
    public async Task Another_document_is_chosen_and_found_by_its_name()
    {
        await using TestServer server = await TestServer.StartAsync(prepare: own => own.WriteQueries());
        IPage page = await OpenAsync(server);
        await page.Locator("#document-filter").FillAsync("file1");
        await Expect(page.Locator("#documents a")).ToHaveCountAsync(1);
        await page.Locator("#documents a").ClickAsync();
        await Expect(page.Locator("#passage-list")).ToContainTextAsync("why does the valve leak");
        await Expect(page.Locator("#passage-list .tag")).ToHaveTextAsync("measures");
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Everybody_can_judge_in_light_and_dark_at_a_desk_and_on_a_phone(ColorScheme scheme, int width)
    {
        await using TestServer server = await TestServer.StartAsync(prepare: own => own.WriteQueries());
        IPage page = await OpenAsync(server, scheme, width);
        await Expect(page.Locator("#passage-list .queries")).ToContainTextAsync("pump");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reject: how often is the pump oiled" }).ClickAsync();
        await Expect(page.Locator("#passage-list .rejected")).ToBeVisibleAsync();
        await Chromium.IsAccessibleAsync(page);
        await Chromium.FitsTheWidthAsync(page);
    }

    private async Task<IPage> OpenAsync(TestServer server, ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        IPage page = await chromium.PageAsync(scheme, width);
        await page.GotoAsync(new Uri(server.Server.Address, "/?view=judge").ToString());
        return page;
    }
}
