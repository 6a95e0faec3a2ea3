/// The status page. Mustache escapes every `{{value}}`; nothing here is unescaped.
enum PageTemplate {
    static let page = #"""
        <!doctype html>
        <html lang="{{language}}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{{verdict}} · {{words.title}}</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="{{styleName}}">
        <noscript><meta http-equiv="refresh" content="5"></noscript>
        <script type="module" src="{{scriptName}}"></script>
        </head>
        <body data-live="/live?lang={{language}}" data-stale="{{words.stale}}">
        <header>
        <h1><span class="mark" aria-hidden="true">合</span> {{words.title}}</h1>
        <nav><a href="/?lang={{words.otherCode}}" hreflang="{{words.otherCode}}">{{words.other}}</a></nav>
        </header>
        <p id="connection" role="status" hidden></p>
        <main id="report">
        {{> report}}
        </main>
        </body>
        </html>
        """#

    static let report = #"""
        <section id="verdict" class="verdict {{verdictClass}}"><strong>{{verdict}}</strong>
        <span>{{words.updated}} <time datetime="{{stamp}}">{{clock}} UTC</time> · {{words.uptime}} {{uptime}}</span></section>
        {{#hasProblems}}<section id="problems"><h2>{{words.problems}}</h2><ul class="problems">
        {{#problems}}<li class="{{gravityClass}}"><span>{{text}}</span> <code>{{next}}</code></li>
        {{/problems}}</ul></section>{{/hasProblems}}
        <section id="channels"><h2>{{words.channels}}</h2>
        {{^hasChannels}}<p>{{words.noChannels}} <code>heyi channel add</code></p>{{/hasChannels}}
        {{#hasChannels}}<div class="wide"><table>
        <thead><tr><th scope="col">{{words.channel}}</th><th scope="col">{{words.state}}</th><th scope="col">{{words.lag}}</th><th scope="col">{{words.lastSuccess}}</th><th scope="col" class="n">{{words.inFlight}}</th><th scope="col" class="n">{{words.retrying}}</th><th scope="col" class="n">{{words.unknown}}</th><th scope="col" class="n">{{words.dead}}</th><th scope="col">{{words.breaker}}</th><th scope="col" class="n">{{words.rate}}</th><th scope="col" class="n">{{words.conflicts}}</th></tr></thead>
        <tbody>
        {{#channels}}<tr id="channel-{{id}}"><th scope="row">{{id}} <small>{{kind}}</small></th>
        <td data-label="{{words.state}}"><span class="chip {{stateClass}}">{{state}}</span>{{#reason}} <small>{{reason}}</small>{{/reason}}</td>
        <td data-label="{{words.lag}}">{{#inStep}}<span class="chip active">{{lag}}</span>{{/inStep}}{{^inStep}}{{lag}}{{/inStep}}</td>
        <td data-label="{{words.lastSuccess}}">{{lastSuccess}}{{#lastError}} <small class="fault">{{lastError}}</small>{{/lastError}}</td>
        <td class="n" data-label="{{words.inFlight}}">{{inFlight}}</td>
        <td class="n" data-label="{{words.retrying}}">{{retrying}}</td>
        <td class="n{{#warnsUnknown}} warn{{/warnsUnknown}}" data-label="{{words.unknown}}">{{unknown}}</td>
        <td class="n{{#warnsDead}} bad{{/warnsDead}}" data-label="{{words.dead}}">{{dead}}</td>
        <td data-label="{{words.breaker}}"><span class="chip {{breakerClass}}">{{breaker}}</span></td>
        <td class="n" data-label="{{words.rate}}">{{rate}}</td>
        <td class="n" data-label="{{words.conflicts}}">{{conflicts}}</td></tr>
        {{/channels}}</tbody></table></div>{{/hasChannels}}</section>
        <div class="cards">
        <section id="inbox"{{#inbox.warns}} class="warns"{{/inbox.warns}}><h2>{{words.inbox}}</h2>
        <p class="figure">{{inbox.waiting}} <small>{{words.waiting}}</small></p>
        <p>{{inbox.dead}} {{words.inboxDead}} · {{inbox.quarantined}} {{words.quarantined}}{{#inbox.hasOldest}} · {{words.oldest}} {{inbox.oldest}}{{/inbox.hasOldest}}</p></section>
        {{#hasGateways}}<section id="gateways"><h2>{{words.gateways}}</h2>
        <p>{{money.payments}} {{words.paymentsInDoubt}} · {{money.refunds}} {{words.refundsUnknown}} · {{money.parcels}} {{words.parcelsStalled}}</p>
        <ul>{{#gateways}}<li id="gateway-{{id}}">{{id}} <small>{{kind}}</small> {{#isConnected}}<span class="chip active">{{words.connected}}</span>{{/isConnected}}{{^isConnected}}<span class="chip halted">{{words.fault}}</span> <small class="fault">{{fault}}</small>{{/isConnected}} {{words.lastHeard}} {{lastHeard}}{{#hasRefused}} · {{refused}} {{words.refused}}{{/hasRefused}}</li>
        {{/gateways}}</ul></section>{{/hasGateways}}
        <section id="conflicts"><h2>{{words.conflicts}}</h2>
        <p class="figure">{{conflicts}}</p><p><code>heyi conflicts list</code></p></section>
        <section id="store"><h2>{{words.store}}</h2>
        <p class="figure">{{store.entities}} <small>{{words.entities}}</small></p>
        <p>{{#store.writable}}{{words.writable}}{{/store.writable}}{{^store.writable}}<strong class="bad">{{words.notWritable}}</strong> {{store.fault}}{{/store.writable}} · {{words.feed}} {{store.feedHead}} · {{words.file}} {{store.file}} · {{words.wal}} {{store.log}}</p></section>
        </div>
        <section id="recent"><h2>{{words.recent}}</h2>
        {{^hasEvents}}<p>{{words.noEvents}}</p>{{/hasEvents}}
        {{#hasEvents}}<ol class="events">
        {{#events}}<li class="{{levelClass}}"><time datetime="{{stamp}}">{{when}}</time> <span class="chip {{levelClass}}">{{level}}</span> <span class="place">{{place}}</span> <span class="text">{{text}}</span></li>
        {{/events}}</ol>{{/hasEvents}}</section>
        <footer>heyi {{version}} · {{words.generation}} {{generation}} · {{words.configuration}} {{configurationRead}}</footer>
        """#
}
