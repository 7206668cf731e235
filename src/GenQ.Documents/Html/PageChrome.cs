using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace GenQ.Documents;

/// <summary>Tells the text of a page from menus, banners, forms to search or sign in, and what is not shown.</summary>
internal sealed partial class PageChrome
{
    private static readonly HashSet<string> NeverText = new(StringComparer.Ordinal)
    {
        "head", "script", "style", "noscript", "template", "iframe", "object", "svg", "canvas", "audio", "video", "select", "datalist",
        "textarea", "annotation", "annotation-xml", "mphantom",
    };

    // What may have a header and a footer of its own; HTML calls it sectioning.
    private static readonly HashSet<string> Sections = new(StringComparer.Ordinal)
    {
        "blockquote", "details", "dialog", "fieldset", "figure", "section", "td",
    };

    private static readonly HashSet<string> WordsOfControls = new(StringComparer.OrdinalIgnoreCase)
    {
        "all", "cancel", "close", "code", "collapse", "copied", "copy", "dark", "details", "dismiss", "down", "edit", "expand", "full",
        "hide", "less", "link", "menu", "mode", "more", "navigation", "next", "ok", "open", "page", "play", "previous", "print", "read",
        "reset", "run", "save", "search", "section", "send", "share", "show", "sidebar", "submit", "the", "theme", "this", "to",
        "toggle", "top", "up", "view",
    };

    private readonly bool _isFragment;
    private readonly bool _showsHidden;
    private readonly string? _title;
    private readonly HashSet<string> _controlled = new(StringComparer.Ordinal);
    private readonly Dictionary<IElement, TextLength> _lengths = [];
    private readonly TextLength _whole;

    /// <summary>Measures a page.</summary>
    /// <param name="page">The page; it has a body.</param>
    /// <param name="isFragment">Whether it is text alone, without a site's banners around it.</param>
    /// <param name="showsHidden">Whether what is marked as hidden counts as text.</param>
    public PageChrome(IHtmlDocument page, bool isFragment, bool showsHidden = false)
    {
        (_isFragment, _showsHidden) = (isFragment, showsHidden);
        _title = page.QuerySelector("head > title") is { } title ? ElementTree.ShortText(title) : null;
        const string Controls = "[aria-controls], [data-bs-target], [data-target], a[data-toggle], a[data-bs-toggle]";
        foreach (IElement control in page.QuerySelectorAll(Controls))
        {
            if (control.HasAttribute("aria-haspopup")) continue;
            foreach (string name in (string[])["aria-controls", "data-bs-target", "data-target", "href"])
            {
                string ids = control.GetAttribute(name) ?? "";
                _controlled.UnionWith(ids.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => id.TrimStart('#')));
            }
        }

        Measure(page.Body!);
        Roots = isFragment ? [page.Body!] : MainElements(page);
        foreach (IElement root in Roots) _whole = _whole.Plus(_lengths.GetValueOrDefault(root));
    }

    /// <summary>The elements that hold the text, in the page's order; none is inside another.</summary>
    public IReadOnlyList<IElement> Roots { get; }

    /// <summary>Whether an element below a root is no text; ask with the place of its parent.</summary>
    public bool IsLeftOut(IElement element, Place place)
    {
        TextLength text = _lengths.GetValueOrDefault(element);
        if (IsNeverText(element) || (IsHidden(element) && text.All == 0)) return true;
        if (element.ClassName is { } classes && HeaderLink.IsMatch(classes)) return true;
        if (element.GetAttribute("role") is "navigation" or "banner" or "contentinfo" or "search") return true;
        if (text.All == 1 && element.LocalName is "a" && element.TextContent.Trim() is "¶" or "#" or "§") return true;

        bool isMostlyLinks = text.InLinks * 2 >= text.All, isMostOfThePage = text.All * 2 >= _whole.All;
        switch (element.LocalName)
        {
            case "nav":
                return true;
            case "aside":
                // Beside the text stand lists of other pages, inside it notes and warnings.
                return isMostlyLinks || (!place.IsInArticle && !_isFragment && IsSidebar(element));
            case "header" or "footer" when !place.IsInArticle && !_isFragment:
                return place.IsInSection ? IsBannerOfSection(element, isMostlyLinks, place) : !IsTitleOfText(element, isMostlyLinks);
            case "form":
                // Some sites wrap whole pages into one form.
                return !isMostOfThePage && IsControlForm(element, text);
        }

        // Names alone would lose admonitions and tables of contents that are text: what is left out must be links, too.
        string names = $"{element.ClassName} {element.Id}";
        if (isMostOfThePage || !NavigationName.IsMatch(names)) return false;
        return isMostlyLinks || AlwaysNavigation.IsMatch(names);
    }

    private static bool IsSidebar(IElement element) =>
        element.GetAttribute("role") is "complementary" || SidebarName.IsMatch($"{element.ClassName} {element.Id}");

    private static bool IsBannerOfSection(IElement element, bool isMostlyLinks, Place place)
    {
        if (HasHeading(element)) return false;
        if (element.LocalName is "footer" && Imprint.IsMatch(ElementTree.ShortText(element))) return true;
        return isMostlyLinks && place.NearestSection is "section";
    }

    /// <summary>A page's header is its site's, but for the title block of a document and the header of a part that is no section.</summary>
    private bool IsTitleOfText(IElement header, bool isMostlyLinks)
    {
        if (header.LocalName is not "header") return false;
        if (TitleBlock.IsMatch($"{header.ClassName} {header.Id}")) return true;
        if (isMostlyLinks || header.QuerySelector("nav, form, [role=navigation], [role=search]") is not null) return false;
        if (header.QuerySelector("h1") is not { } title) return header.QuerySelector("h2, h3, h4, h5, h6") is not null;
        return header.QuerySelector("a") is null && ElementTree.ShortText(title) == _title;
    }

    private static bool IsControlForm(IElement form, TextLength text)
    {
        const int FewCharacters = 30, ShortText = 400;
        if (text.All < FewCharacters) return form.QuerySelector("p, li, legend") is null && !HasHeading(form);
        if (text.All >= ShortText) return false;
        return form.QuerySelector("input[type=search], input[type=password], input[type=email]") is not null
            || FormName.IsMatch($"{form.ClassName} {form.Id} {form.GetAttribute("name")} {form.GetAttribute("action")}");
    }

    private static bool HasHeading(IElement element) => element.QuerySelector("h1, h2, h3, h4, h5, h6, [role=heading]") is not null;

    private static bool IsNeverText(IElement element) =>
        NeverText.Contains(element.LocalName) || (element.LocalName is "button" && !IsTextButton(element));

    /// <summary>The headings of accordions and the labels of tabs are buttons, too.</summary>
    private static bool IsTextButton(IElement button)
    {
        string label = ElementTree.ShortText(button);
        if (label.Length == 0) return false;
        if (HasHeading(button)) return true;
        if (button.Ancestors<IElement>().Take(4).FirstOrDefault(IsHeading) is { } heading) return ElementTree.ShortText(heading) == label;
        if (button.HasAttribute("aria-haspopup")) return false;
        if (label[^1] is '?' or '？') return true;
        string[] words = label.Split(' ');
        if (words[0] is "Show" or "Hide" or "Toggle" or "Expand" or "Collapse" or "Copy") return false;
        if (words.All(word => WordsOfControls.Contains(word.Trim('.', '…')))) return false;
        return button.ParentElement?.LocalName is "dt" or "summary" || Discloses(button);

        static bool IsHeading(IElement element) =>
            element.LocalName is ['h', >= '1' and <= '6'] || element.GetAttribute("role") is "heading";
    }

    private static bool Discloses(IElement button) =>
        button.HasAttribute("aria-expanded") || button.HasAttribute("aria-controls") || button.GetAttribute("role") is "tab"
        || (button.GetAttribute("data-bs-toggle") ?? button.GetAttribute("data-toggle")) is "collapse" or "tab" or "pill"
        || DisclosureName.IsMatch($"{button.ClassName} {button.ParentElement?.ClassName}");

    private bool IsHidden(IElement element)
    {
        if (_showsHidden) return false;
        if (element.GetAttribute("hidden") is { } hidden && !hidden.Equals("until-found", StringComparison.OrdinalIgnoreCase)) return true;
        if (element.GetAttribute("aria-hidden") is "true") return true;
        // Scripts show by style what a reader has asked for; but of several main parts only the one that is shown is the page.
        return element.GetAttribute("style") is { } style && NotShown.IsMatch(style)
            && (IsMain(element) || element.QuerySelector(MainSelector) is not null);
    }

    /// <summary>A panel of an accordion or of tabs is text before it is opened.</summary>
    private bool IsPanel(IElement element) =>
        !IsMain(element)
        && element.GetAttribute("role") is null or "region" or "tabpanel" or "group"
        && (element.Id is { } id && _controlled.Contains(id)
            || element.GetAttribute("role") is "tabpanel"
            || (element.GetAttribute("role") is "region" && element.HasAttribute("aria-labelledby")));

    private const string MainSelector = "main, [role=main]";

    private static bool IsMain(IElement element) => element.LocalName is "main" || element.GetAttribute("role") is "main";

    private List<IElement> MainElements(IHtmlDocument page)
    {
        // What has no length is not shown, such as what stands in for scripts.
        IEnumerable<IElement> Shown(string selector)
            => page.QuerySelectorAll(selector).Where(element => _lengths.TryGetValue(element, out TextLength length) && length.All > 0);
        List<IElement> mains = [];
        foreach (IElement main in Shown(MainSelector))
        {
            if (mains.Count == 0 || !main.Ancestors<IElement>().Contains(mains[^1])) mains.Add(main);
        }

        if (mains.Count > 0) return mains;
        // The only article is the page, unless it is a small part of it, such as a comment below it.
        if (Shown("article").ToArray() is not [var article]) return [page.Body!];
        return _lengths[article].OfItsOwn * 2 >= _lengths[page.Body!].OfItsOwn ? [article] : [page.Body!];
    }

    /// <summary>Counts the visible characters under every element, and those of them that are inside links.</summary>
    private void Measure(IElement root)
    {
        Stack<TextLength> open = new([default]);
        int links = 0;
        ElementTree.Walk(
            root,
            enter: (node, _) =>
            {
                if (node is IText text)
                {
                    int visible = 0;
                    foreach (char c in text.Data)
                    {
                        if (!char.IsWhiteSpace(c)) visible++;
                    }

                    open.Push(open.Pop().Plus(new TextLength(visible, links > 0 ? visible : 0)));
                }

                if (node is not IElement element || IsNeverText(element) || (IsHidden(element) && !IsPanel(element))) return false;
                if (IsLink(element)) links++;
                open.Push(default);
                return true;
            },
            leave: element =>
            {
                if (IsLink(element)) links--;
                TextLength length = open.Pop();
                // A hidden list of links that a button opens is a menu.
                if (IsHidden(element) && length.InLinks * 2 >= length.All) length = default;
                _lengths[element] = length;
                open.Push(open.Pop().Plus(length));
            });

        static bool IsLink(IElement element) => element.LocalName is "a" && element.HasAttribute("href");
    }

    [GeneratedRegex(
        """
        (?:^|[\s_-])
        (?:nav|navbar|navheader|navfooter|navigation|docnav|sphinxsidebar|breadcrumbs?|menu|footer|related|skip)
        (?:$|[\s_-])
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex NavigationName { get; }

    // AngleSharp's own list of an element's classes takes a time that grows with the square of their number.
    [GeneratedRegex("""(?:^|\s)headerlink(?:$|\s)""")]
    private static partial Regex HeaderLink { get; }

    [GeneratedRegex("""(?:^|\s)nav(?:header|footer)(?:$|\s)""", RegexOptions.IgnoreCase)]
    private static partial Regex AlwaysNavigation { get; }

    [GeneratedRegex(
        """
        (?:^|[\s_-])
        (?:sidebar|widgets?|related|promo|ads?|advert\w*|sponsor\w*|newsletter|subscribe|author|bio|social|share|sharing|toc|
        banner|cookies?|comments?)
        (?:$|[\s_-])
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex SidebarName { get; }

    [GeneratedRegex(
        """
        (?:^|[\s_/.?=-])
        (?:search|log-?in|log-?on|sign-?in|sign-?up|auth|subscribe|newsletter|comments?|reply|contact|register|filters?|cookies?|consent|
        checkout|cart|feedback|poll|rating|lang|language|locale)
        (?:$|[\s_/.?=-])
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex FormName { get; }

    [GeneratedRegex("""accordion|collaps|disclosure|expand|faq|toggle""", RegexOptions.IgnoreCase)]
    private static partial Regex DisclosureName { get; }

    [GeneratedRegex("""(?:^|\s)title-?block(?:-header)?(?:$|\s)""", RegexOptions.IgnoreCase)]
    private static partial Regex TitleBlock { get; }

    [GeneratedRegex("""©|\(c\)\s*\d|copyright|all rights reserved""", RegexOptions.IgnoreCase)]
    private static partial Regex Imprint { get; }

    [GeneratedRegex("""(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)""", RegexOptions.IgnoreCase)]
    private static partial Regex NotShown { get; }

    /// <summary>How many articles and sections are open where the page is read.</summary>
    internal sealed class Place
    {
        private readonly Stack<string> _sections = [];
        private int _articles;

        public bool IsInArticle => _articles > 0;

        public bool IsInSection => _sections.Count > 0;

        public string? NearestSection => _sections.TryPeek(out string? name) ? name : null;

        public void Enter(IElement element)
        {
            if (element.LocalName is "article" or "main") _articles++;
            if (Sections.Contains(element.LocalName)) _sections.Push(element.LocalName);
        }

        public void Leave(IElement element)
        {
            if (element.LocalName is "article" or "main") _articles--;
            if (Sections.Contains(element.LocalName)) _sections.Pop();
        }
    }

    private readonly record struct TextLength(int All, int InLinks)
    {
        public int OfItsOwn => All - InLinks;

        public TextLength Plus(TextLength other) => new(All + other.All, InLinks + other.InLinks);
    }
}
