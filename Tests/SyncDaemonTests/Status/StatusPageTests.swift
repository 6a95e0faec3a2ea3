import Commerce
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import SyncDaemon

struct StatusPageTests {
    @Test(arguments: [
        (nil, nil, "All is well"), (nil, "zh-CN,zh;q=0.9,en;q=0.8", "一切正常"), ("en", "zh-CN", "All is well"),
        ("zh", nil, "一切正常"), (nil, "fr, en;q=0.5, zh;q=0.4", "All is well"), ("xx", "zh", "一切正常"),
    ] as [(String?, String?, String)])
    func `the page speaks the reader's language`(query: String?, header: String?, words: String) async throws {
        let world = HTTPWorld()
        try await world.visit(.admin) { client in
            var headers = HTTPFields()
            headers[.acceptLanguage] = header
            let answer = try await client.send(.get, query.map { "/?lang=\($0)" } ?? "/", headers)
            #expect(answer.text.contains("<strong>\(words)</strong>"))
        }
    }

    @Test func `whatever a channel or an entity is called, the page stays markup of ours`() async throws {
        let world = HTTPWorld()
        world.daemon.change { state in
            var channel = Samples.channel("web")
            channel.lastError = "<script>alert(1)</script>"
            channel.kind = "\"><img src=x onerror=alert(1)>"
            state.report.channels = [channel]
            state.report.recent = [
                StatusEvent(
                    number: 1, at: Samples.now, level: .error, code: "x", channel: nil, entity: nil,
                    text: "</li><script>alert(2)</script>", traceID: nil)
            ]
        }
        try await world.visit(.admin) { client in
            let text = try await client.send(.get, "/").text
            #expect(!text.contains("<script>alert"))
            #expect(!text.contains("<img"))
            #expect(text.contains("&lt;script&gt;alert(1)"))
        }
    }

    @Test func `the page needs nothing from elsewhere and no inline script`() async throws {
        let world = HTTPWorld()
        try await world.visit(.admin) { client in
            let text = try await client.send(.get, "/").text
            #expect(!text.contains("http://"))
            #expect(!text.contains("https://"))
            #expect(!text.contains(" style="))
            #expect(text.contains("<noscript><meta http-equiv=\"refresh\""))
            for asset in PageAssets.all {
                #expect(text.contains(asset.path))
                let file = try await client.send(.get, asset.path)
                #expect(file.status == .ok)
                #expect(file.headers[.cacheControl]?.contains("immutable") == true)
            }
        }
    }

    @Test func `a page asked for under a strange host name is not shown`() async throws {
        let world = HTTPWorld()
        let door = try world.door(.admin)
        let answer = try await LiveDaemon.run(door) { daemon in
            let connection = try RawConnection(port: daemon.port ?? 0)
            try connection.send("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
            return await connection.readToEnd()
        }
        #expect(answer.hasPrefix("HTTP/1.1 421"))
    }

    @Test func `both languages have a word for everything`() {
        for words in [PageWords.english, .chinese] {
            #expect(Set(words.labels.keys) == Set(PageWords.english.labels.keys))
            #expect(words.problems.count == StatusProblem.Kind.allCases.count)
            #expect(words.states.count == ChannelStatus.State.allCases.count)
            #expect(words.breakers.count == ChannelStatus.Breaker.allCases.count)
            #expect(words.verdicts.count == StatusVerdict.allCases.count)
            #expect(words.levels.count == StatusEvent.Level.allCases.count)
        }
        let used = (PageTemplate.page + PageTemplate.report).split(separator: "{{words.").dropFirst()
            .map { String($0.prefix { $0 != "}" }) }
        #expect(Set(used).isSubset(of: PageWords.english.labels.keys))
    }

    @Test func `the worst comes first, with the command to run`() {
        var report = StatusReport.calm
        var web = Samples.channel("web")
        web.dead = 3
        var app = Samples.channel("app")
        app.state = .paused
        report.channels = [app, web]
        #expect(report.verdict == .degraded)
        #expect(report.problems.map(\.kind) == [.deadLetters, .channelPaused])
        #expect(report.problems.first?.next == "heyi queue list --channel web --state dead")
        report.store.writable = false
        #expect(report.verdict == .down)
        #expect(report.problems.first?.kind == .storeUnwritable)
    }

    @Test func `the live page gets the report again when something changed`() async throws {
        let world = HTTPWorld()
        let text = try await LiveDaemon.run(try world.door(.admin)) { daemon in
            async let stream = daemon.fetch("/live?lang=zh-CN", [:])
            await world.daemon.untilRead()
            world.daemon.change { $0.report.conflictsOpen = 2 }
            world.daemon.news.ring()
            await world.daemon.untilRead(past: 1)
            await daemon.stop()
            return try await stream
        }
        #expect(text.split(separator: "event: report").count == 3)
        #expect(text.contains("2 个冲突等待裁决"))
    }
}
