import Commerce
import Foundation
import HTTPTypes
import HummingbirdTesting
import ServiceLifecycle
import Testing

@testable import SyncDaemon

struct ChannelAPIWaitTests {
    private let path = "/v1/channels/web/deltas"

    @Test(arguments: Reach.allCases)
    func `a waiting channel is answered when the feed moves`(reach: Reach) async throws {
        let world = HTTPWorld()
        let target = "\(path)?wait=60"
        try await world.visit(.public, reach) { client in
            async let answer = client.send(.get, target, world.signed(.get, target))
            await world.daemon.untilRead()
            world.daemon.change { $0.feed.append("news") }
            world.daemon.news.ring()
            let outcome = try await answer.json["deltas"]
            #expect(outcome == ["news"])
        }
    }

    @Test func `a channel that waited in vain is told where it stands`() async throws {
        let world = HTTPWorld()
        let target = "\(path)?wait=60&since=g1.0"
        try await world.visit(.public) { client in
            async let answer = client.send(.get, target, world.signed(.get, target))
            await world.daemon.untilRead()
            await world.pass(.seconds(60)) { world.daemon.change { $0.reads } >= 1 }
            let outcome = try await answer.json
            #expect(outcome == ["complete": true, "deltas": [], "generation": "g1", "next": "g1.0"])
        }
    }

    @Test func `a page that is all for others is answered at once, with where to read on`() async throws {
        let world = HTTPWorld()
        let target = "\(path)?wait=60&limit=2"
        world.daemon.change { $0.feed = [.null, .null, "mine"] }
        try await world.visit(.public) { client in
            let first = try await client.send(.get, target, world.signed(.get, target)).json
            #expect(first == ["complete": false, "deltas": [], "generation": "g1", "next": "g1.2"])
            let onward = "\(target)&since=g1.2"
            let second = try await client.send(.get, onward, world.signed(.get, onward)).json["deltas"]
            #expect(second == ["mine"])
        }
    }

    @Test func `a channel cannot ask to wait longer than a minute`() async throws {
        let world = HTTPWorld()
        let target = "\(path)?wait=61"
        try await world.visit(.public) { client in
            let outcome = try await client.send(.get, target, world.signed(.get, target)).status.code
            #expect(outcome == 422)
        }
    }

    @Test func `an event stream resumes, follows the feed, and ends when the daemon stops`() async throws {
        let world = HTTPWorld()
        world.daemon.change { $0.feed = ["one", "two"] }
        let door = try world.door(.public)
        var headers = world.signed(.get, path)
        headers[.accept] = "text/event-stream"
        headers[.lastEventID] = "g1.1"
        let fields = headers
        // The client reads an answer whole: it only comes because the stream ends at shutdown.
        let text = try await LiveDaemon.run(door) { daemon in
            async let answer = daemon.fetch(path, fields)
            await world.daemon.untilRead()
            world.daemon.change { $0.feed.append("three\nlines") }
            world.daemon.news.ring()
            await world.daemon.untilRead(past: 3)
            await daemon.stop()
            return try await answer
        }
        #expect(text.contains("id: g1.2\nevent: delta\ndata: \"two\"\n\n"))
        #expect(text.contains("id: g1.3\nevent: delta\ndata: \"three\\nlines\"\n\n"))
        #expect(!text.contains("\"one\""))
    }
}
