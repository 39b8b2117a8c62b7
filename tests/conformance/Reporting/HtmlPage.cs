namespace BrainState.Conformance;

/// <summary>The frame of the pages: one style, no script, nothing from elsewhere; light or dark as the reader likes it.</summary>
internal static class HtmlPage
{
    private const string Style = """
        :root { color-scheme: light dark; --good: light-dark(#2e7d4f, #5fbf86); --bad: light-dark(#c0392b, #f0786b); --amber: light-dark(#b7791f, #e0b050); --line: light-dark(#ddd, #444); --quiet: light-dark(#666, #aaa); }
        body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 78rem; padding: 0 1rem; }
        header { border-left: .5rem solid; padding-left: 1rem; } header.good { border-color: var(--good); } header.bad { border-color: var(--bad); }
        h1 { margin: 0; font-size: 1.8rem; } h2 { margin: 2.5rem 0 0; } h3 { margin: 2rem 0 0; } header p, section > p, h2 + p { color: var(--quiet); margin: .2rem 0 1rem; } h3 + table { margin-top: .5rem; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; } td, th { padding: .15rem .6rem; text-align: left; font-weight: normal; border-bottom: 1px solid var(--line); vertical-align: top; }
        tr > th { color: var(--quiet); } td.n { text-align: right; } td.none { color: var(--line); } .about { color: var(--quiet); font-size: 13px; } .kind { white-space: nowrap; } code { font-size: 13px; }
        .bar { white-space: nowrap; line-height: 1.5; } .bar i, i.key { display: inline-block; height: .7rem; } i.key { width: .9rem; } i.key + i.key { margin-left: .5rem; } i.Time { background: var(--quiet); opacity: .5; }
        i.Passed { background: var(--good); } i.Failed { background: var(--bad); } i.Excluded { background: var(--amber); }
        .columns { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: flex-start; }
        .matrix { font-size: 12px; line-height: 1.35; } .matrix td, .matrix th { padding: 0 1px; text-align: center; min-width: 1.7rem; white-space: nowrap; } .matrix th { font-size: 11px; }
        .matrix tr th:first-child { color: inherit; font-family: ui-monospace, monospace; font-size: 12px; text-align: left; padding-right: .6rem; }
        .matrix i { display: inline-block; box-sizing: border-box; width: calc(100% / var(--fields)); height: 1rem; font-style: normal; border-right: 1px solid Canvas; vertical-align: top; }
        .matrix i.Passed, .key.Passed, td.Native { background: color-mix(in srgb, var(--good) 30%, transparent); } .matrix i.Failed, .key.Failed, td.Refused { background: color-mix(in srgb, var(--bad) 55%, transparent); }
        .matrix i.Excluded, .key.Excluded, td.Decomposed { background: color-mix(in srgb, var(--amber) 45%, transparent); } td.Partly { background: color-mix(in srgb, var(--amber) 20%, transparent); }
        details { margin: .4rem 0; } summary { cursor: pointer; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } pre { overflow-x: auto; padding: .8rem; border: 1px solid var(--line); font-size: 12px; } .names { font-size: 12px; } .wrong { color: var(--bad); }
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
