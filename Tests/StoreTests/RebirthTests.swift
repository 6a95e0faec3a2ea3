import Commerce
import ConflictResolution
import Store
import Testing

/// What a restored store owes to channels that remember more than it does.
@Suite struct RebirthTests {
    private let scratch: Scratch
    private let backup: String

    init() throws {
        scratch = try Scratch()
        backup = scratch.at("copy.heyi")
    }

    /// A channel keeps its own value against whatever does not cover its clock, so it would refuse the hub for ever.
    @Test(arguments: ["place", "life"])
    func `what a channel has seen of a lost life is covered by what a restored store writes`(unit: String) async throws {
        let ref = UnitRef(place("c").entity, UnitName(unit)!)
        let before: JSON = unit == "life" ? ["state": "live"] : standing(1)
        let after: JSON = unit == "life" ? ["state": "deleted"] : standing(2)
        @Sendable func write(_ value: JSON, to store: Store) async throws -> UnitOutcome {
            try await store.write { writing throws(StoreError) in
                try writing.create(ref.entity)
                return try writing.apply(UnitWrite(ref, value, author: "test", origin: .api))
            }
        }
        let store = try scratch.open()
        _ = try await write(before, to: store)
        _ = try await store.backup(to: backup)
        guard case .applied(let lost) = try await write(after, to: store) else { Issue.record("not applied"); return }
        let token = try await store.read { reading throws(StoreError) in reading.token(of: lost.clock) }
        await store.close()

        _ = try await Store.restore(from: backup, to: scratch.at("again"))
        let again = try scratch.open("again", ids: "second")
        try await again.write { writing throws(StoreError) in
            let channel = try writing.putChannel(ChannelID("web")!, settings: [:])
            try writing.recall(token, of: channel.id)
            let seen = try writing.reading.clock(from: token)
            _ = try writing.apply(
                UnitWrite(
                    ref, after, causality: .observed(channel.actor.actor, seen: seen), stamp: nil, author: "channel:web",
                    origin: .channel, asOwner: false))
        }
        let held = try #require(try await again.read { reading throws(StoreError) in try reading.view(ref) })
        #expect(held.clock.covers(lost.clock))
        let findings = try await again.read { reading throws(StoreError) in try reading.examine() }
        #expect(findings.isEmpty, "\(findings)")
        await again.close()
    }
}
