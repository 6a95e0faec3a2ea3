import ChannelAdapters
import Commerce
import Store
import SyncEngine
import Testing

@testable import SyncDaemon

@Suite struct DesksEffectsTests {
    private func receive(_ world: DeskWorld, _ body: JSON, event: String = "msg_1") async throws -> Int64 {
        try await world.store.write { writing throws(StoreError) in
            let channel = try writing.reading.requireChannel(DeskWorld.web)
            guard case .stored(let number) = try writing.receive(channel, event: event, body: body.bytes) else { return 0 }
            return number
        }
    }

    private static func deltas(_ title: String, of entity: String = "tea") -> JSON {
        let delta: JSON = ["entity": ["kind": "product", "id": .string(entity)], "unit": "text.en", "op": "set", "value": ["title": .string(title)]]
        return ["type": "deltas", "data": ["deltas": [delta]]]
    }

    @Test func `what a callback would change is told, and nothing is changed`() async throws {
        let world = try DeskWorld()
        try await world.add(DeskWorld.web)
        try await world.makeTea()
        let number = try await receive(world, Self.deltas("Dragon Well"))
        let head = try await world.store.read { reading throws(StoreError) in try reading.newestSequence() }
        for _ in 0..<2 {
            let report = try await world.operators.effects(number)
            #expect(report.fault == nil && report.row.state == .waiting)
            let effect = try #require(report.effects.first)
            #expect(effect.subject == "product/tea:text.en")
            #expect(effect.before == ["title": "Longjing"])
            #expect(effect.what == .change || effect.what == .noted)
        }
        #expect(try await world.store.read { reading throws(StoreError) in try reading.newestSequence() } == head)
        #expect(try await world.versions() == 1)
        // The next real write takes the number the rehearsal had tried.
        let edited = try await world.catalog.edit(DeskWorld.text, value: ["title": "West Lake"], expecting: nil, by: DeskWorld.boss)
        #expect(edited.units.first { $0.name == DeskWorld.text.unit }?.sequence == head + 1)
    }

    @Test func `hints, nonsense and what names nothing are told for what they are`() async throws {
        let world = try DeskWorld()
        try await world.add(DeskWorld.web)
        let hint = try await receive(world, ["type": "changed", "data": ["entities": [["kind": "product", "id": "tea"]]]])
        #expect(try await world.operators.effects(hint).effects.map(\.what) == [.read])
        let nonsense = try await receive(world, ["type": "party"], event: "msg_2")
        #expect(try await world.operators.effects(nonsense).fault?.contains("deltas, changed, sold and orders are") == true)
        let stranger = try await receive(world, Self.deltas("x", of: "nobody-knows"), event: "msg_3")
        #expect(try await world.operators.effects(stranger).effects.map(\.what) == [.refused])
        guard case .notFound = await refusal({ _ = try await world.operators.effects(99) }) else {
            Issue.record("an item that is not there has effects")
            return
        }
    }

    @Test func `a preview is told in words`() {
        let report: JSON = [
            "callback": ["id": 3, "channel": "web", "state": "dead", "message_id": "msg_1"], "fault": .null,
            "effects": [
                ["what": "change", "subject": "product/tea:tags", "before": ["a"], "after": ["b"], "reason": .null],
                ["what": "nothing", "subject": "product/tea:shelf", "before": .null, "after": .null, "reason": "known already"],
            ],
        ]
        #expect(
            WebhookReplayCommand.lines(report) == [
                "callback 3 of web, dead, message msg_1", "  product/tea:tags would change", "    - [\"a\"]", "    + [\"b\"]",
                "  product/tea:shelf would stay as it is (known already)",
            ])
    }
}
