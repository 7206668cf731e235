using GenQ.Data;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace GenQ.Web;

/// <summary>What the OpenAPI description says of the whole.</summary>
internal static class ApiDescription
{
    /// <summary>Sets title, version, and how a key is given.</summary>
    public static void Configure(OpenApiOptions description) => description.AddDocumentTransformer((document, context, _) =>
    {
        document.Info = new OpenApiInfo
        {
            Title = "GenQ",
            Version = RunRecords.Version,
            Description = "Searches the passages of finished runs. Errors are problem+json. Where the server has an API key, it is given as a bearer token or as X-Api-Key.",
        };
        document.Servers = [];
        if (context.ApplicationServices.GetRequiredService<SearchServerOptions>().ApiKey is null) return Task.CompletedTask;
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The API key of the server." },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("key", document)] = [] }];
        return Task.CompletedTask;
    });
}
