namespace BrainState.Conformance;

/// <summary>The frame of the pages: one style, no script, nothing from elsewhere; light or dark as the reader likes it.</summary>
internal static class HtmlPage
{
    private const string Style = """
        :root { color-scheme: light dark; --good: light-dark(#2e7d4f, #5fbf86); --bad: light-dark(#c0392b, #f0786b); --amber: light-dark(#b7791f, #e0b050); --line: light-dark(#ddd, #444); --quiet: light-dark(#666, #aaa); }
        body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
        header { border-left: .5rem solid; padding-left: 1rem; } header.good { border-color: var(--good); } header.bad { border-color: var(--bad); }
        h1 { margin: 0; font-size: 1.8rem; } h2 { margin-top: 2.5rem; } h3 { margin-top: 2rem; } header p, section > p { color: var(--quiet); margin: .2rem 0 1rem; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; } td, th { padding: .15rem .6rem; text-align: left; font-weight: normal; border-bottom: 1px solid var(--line); }
        tr > th { color: var(--quiet); } td.n { text-align: right; } .bar { white-space: nowrap; min-width: 200px; } .bar i { display: inline-block; height: .7rem; }
        i.Passed { background: var(--good); } i.Failed { background: var(--bad); } i.Excluded { background: var(--amber); }
        .matrix { font-size: 12px; line-height: 1.35; } .matrix td, .matrix th { padding: 0 .35rem; } .matrix td { text-align: center; min-width: 1.6rem; }
        .matrix tr th:first-child { color: inherit; font-family: ui-monospace, monospace; }
        .matrix td.Passed, td.Native { background: color-mix(in srgb, var(--good) 30%, transparent); } .matrix td.Failed, td.Refused { background: color-mix(in srgb, var(--bad) 55%, transparent); }
        .matrix td.Excluded, td.Decomposed { background: color-mix(in srgb, var(--amber) 45%, transparent); } td.Partly { background: color-mix(in srgb, var(--amber) 20%, transparent); }
        details { margin: .4rem 0; } summary { cursor: pointer; } pre { overflow-x: auto; padding: .8rem; border: 1px solid var(--line); font-size: 12px; } .names { font-size: 12px; } .wrong { color: var(--bad); }
        svg text { font: 11px system-ui, sans-serif; fill: currentColor; } svg .grid { stroke: var(--line); } svg { max-width: 100%; height: auto; }
        """;

    public static string Of(string title, string body) => $"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{HtmlReport.Escape(title)}</title><style>
        {Style}
        </style></head><body>
        {body}
        </body></html>
        """;
}
