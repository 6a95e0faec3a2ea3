extension PageAssets {
    static let style = PageAsset(
        stem: "status", suffix: "css", contentType: "text/css; charset=utf-8",
        text: #"""
            :root { color-scheme: light dark; --ink: #1d2430; --soft: #5b6675; --line: #dfe3e9; --paper: #f5f6f8; --card: #fff; --good: #1a7f4b; --warn: #9a5b00; --bad: #b3261e; --tint-good: #e3f4ea; --tint-warn: #fdf0d9; --tint-bad: #fbe4e2; --tint: #eceff3; --link: #1f5fbf }
            @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --soft: #9aa5b4; --line: #2c333d; --paper: #14181e; --card: #1b2027; --good: #5fd39a; --warn: #f0b45a; --bad: #ff8a80; --tint-good: #143324; --tint-warn: #3a2a0d; --tint-bad: #411a18; --tint: #262d36; --link: #8ab4f8 } }
            * { box-sizing: border-box }
            body { margin: 0 auto; padding: 0 1.25rem 2rem; max-width: 90rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", sans-serif }
            header { display: flex; align-items: center; justify-content: space-between; padding: 1rem 0 .75rem }
            h1 { font-size: 1.15rem; margin: 0; font-weight: 600 }
            h2 { font-size: .85rem; margin: 0 0 .5rem; color: var(--soft); font-weight: 600 }
            a { color: var(--link) }
            a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
            .mark { display: inline-block; width: 1.7rem; height: 1.7rem; line-height: 1.7rem; text-align: center; border-radius: .35rem; background: var(--bad); color: var(--paper); font-size: 1rem; margin-right: .3rem }
            main > section, .cards > section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1rem; margin-bottom: .9rem }
            .verdict { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; justify-content: space-between; border-left-width: .4rem }
            .verdict strong { font-size: 1.25rem }
            .verdict span { color: var(--soft) }
            .verdict.ok { border-left-color: var(--good) } .verdict.ok strong { color: var(--good) }
            .verdict.degraded { border-left-color: var(--warn) } .verdict.degraded strong { color: var(--warn) }
            .verdict.down { border-left-color: var(--bad) } .verdict.down strong { color: var(--bad) }
            #connection { background: var(--tint-warn); color: var(--warn); border-radius: .4rem; padding: .35rem .75rem; margin: 0 0 .75rem }
            #connection[hidden] { display: none }
            .problems { list-style: none; margin: 0; padding: 0 }
            .problems li { padding: .3rem 0 .3rem .8rem; border-left: 3px solid var(--line); margin-bottom: .3rem; overflow-wrap: anywhere }
            .problems .g1 { border-left-color: var(--warn) } .problems .g2 { border-left-color: var(--bad) }
            code { background: var(--tint); border-radius: .3rem; padding: .1rem .4rem; font: .85em ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere }
            .wide { overflow-x: auto }
            table { border-collapse: collapse; width: 100% }
            th, td { text-align: left; padding: .45rem .6rem; border-top: 1px solid var(--line); vertical-align: top }
            thead th { border-top: 0; color: var(--soft); font-weight: 500; font-size: .82rem; white-space: nowrap }
            tbody th { font-weight: 600; white-space: nowrap }
            small { color: var(--soft); font-weight: 400; overflow-wrap: anywhere }
            td small { display: block; max-width: 22rem }
            .fault, .warn { color: var(--warn) } .bad { color: var(--bad); font-weight: 600 }
            .n { text-align: right; font-variant-numeric: tabular-nums }
            .chip { display: inline-block; border-radius: 1rem; padding: 0 .55rem; font-size: .85em; background: var(--tint); white-space: nowrap }
            .chip.active, .chip.closed { background: var(--tint-good); color: var(--good) }
            .chip.paused, .chip.half_open, .chip.warning { background: var(--tint-warn); color: var(--warn) }
            .chip.halted, .chip.open, .chip.error { background: var(--tint-bad); color: var(--bad) }
            .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 0 .9rem }
            .cards p { margin: 0 0 .2rem; color: var(--soft); overflow-wrap: anywhere }
            .cards .figure { font-size: 1.6rem; font-weight: 600; color: var(--ink); font-variant-numeric: tabular-nums }
            .warns { border-color: var(--warn) }
            .events { list-style: none; margin: 0; padding: 0 }
            .events li { display: grid; grid-template-columns: 7.5rem 5rem minmax(8rem, 16rem) 1fr; gap: .15rem .75rem; padding: .35rem 0; border-top: 1px solid var(--line) }
            .events li:first-child { border-top: 0 }
            .events .chip { justify-self: start } .events time, .place { color: var(--soft) } .place, .text { overflow-wrap: anywhere }
            footer { color: var(--soft); font-size: .82rem; overflow-wrap: anywhere }
            @media (max-width: 46rem) {
              body { padding: 0 .75rem 1.5rem }
              thead { display: none }
              table, tbody { display: block }
              tbody tr { display: grid; grid-template-columns: 1fr 1fr; gap: .1rem .75rem; padding: .5rem 0; border-top: 1px solid var(--line) }
              tbody tr:first-child { border-top: 0 }
              tbody th { grid-column: 1 / -1 }
              th, td { border: 0; padding: .15rem 0 }
              td::before { content: attr(data-label); display: block; color: var(--soft); font-size: .78rem }
              .n { text-align: left }
              .events li { grid-template-columns: auto auto 1fr }
              .events .text { grid-column: 1 / -1 }
            }
            """#)
}
