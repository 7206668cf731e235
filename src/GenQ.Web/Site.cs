using Microsoft.Extensions.FileProviders;

namespace GenQ.Web;

/// <summary>Serves a folder of web pages beside the search page, whose search can ask this server.</summary>
internal static class Site
{
    private const string Root = "/site";

    // A site is whoever's who starts the server, and generators of sites write scripts and styles into their pages.
    private const string OwnAndInline = "default-src 'self' 'unsafe-inline' data:; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Serves it below /site/.</summary>
    /// <param name="application">The server.</param>
    /// <param name="folder">The folder.</param>
    public static void Use(IApplicationBuilder application, string folder)
    {
        PhysicalFileProvider files = new(Path.GetFullPath(folder));
        application.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files, RequestPath = Root });
        application.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            RequestPath = Root,
            OnPrepareResponse = sent =>
            {
                sent.Context.Response.Headers.ContentSecurityPolicy = OwnAndInline;
                sent.Context.Response.Headers.CacheControl = "no-cache";
            },
        });
    }
}
