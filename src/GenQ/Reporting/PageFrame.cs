namespace GenQ.Reporting;

/// <summary>What every page has: one file with all that it needs.</summary>
internal static class PageFrame
{
    /// <summary>A whole page.</summary>
    /// <param name="title">What the browser calls it.</param>
    /// <param name="header">Its head: the headline.</param>
    /// <param name="content">The rest.</param>
    public static Html Of(string title, Html header, Html content) => Html.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>{title}</title>
        <style>{Theme.Page}</style>
        </head>
        <body>
        <header>{header}</header>
        <main>{content}</main>
        </body>
        </html>

        """);

    /// <summary>A part of a page with its heading.</summary>
    public static Html Section(string id, string heading, Html content) => Html.Of($"""
        <section id="{id}" aria-labelledby="{id}-heading">
        <h2 id="{id}-heading">{heading}</h2>
        {content}
        </section>

        """);

    /// <summary>A chart with a sentence that says what to see in it.</summary>
    public static Html Figure(Chart chart, string caption) => Html.Of($"""<figure>{chart.Inline}<figcaption>{caption}</figcaption></figure>""");
}
