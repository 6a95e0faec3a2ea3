import Commerce
import ConflictResolution
import Foundation
import GRDB
import TestKit
import Testing

@testable import Store

@Suite struct ExamineTests {
    private func filled() async throws -> Store {
        let store = try Store(.memory, surroundings: .still())
        for number in 1...5 { try await store.put("c\(number % 3)", number) }
        try await store.write { writing throws(StoreError) in
            let channel = try writing.putChannel(ChannelID("web")!, settings: [:])
            let unit = UnitRef(place("c1").entity, .life)
            _ = try writing.apply(UnitWrite(unit, ["state": "live"], author: "test", origin: .api))
            _ = try writing.apply(
                UnitWrite(
                    unit, ["state": "deleted"], causality: .observed(channel.actor.actor, seen: VectorClock()),
                    author: "channel:web", origin: .channel))
            try writing.alias(place("c1").entity, namespace: "handle", key: "one")
            try writing.advance(channel, to: 3)
            for action in ["a", "b", "c"] {
                try writing.audit(principal: "uid=0", action: action, subject: "x", detail: "")
            }
        }
        return store
    }

    private func examine(_ store: Store) async throws -> [Finding] {
        try await store.read { reading throws(StoreError) in try reading.examine() }
    }

    @Test func `a sound store has nothing to report`() async throws {
        let store = try await filled()
        #expect(try await examine(store) == [])
    }

    @Test(arguments: [
        (Finding.Rule.heads, "UPDATE unit SET seq = 900 WHERE seq = 4"),
        (.heads, "DELETE FROM unit WHERE seq = 4"),
        (.chains, "UPDATE change SET previous = NULL, count = 1, context = x'00', clock = x'00' WHERE seq = 4"),
        (.chains, "UPDATE change SET clock = (SELECT clock FROM change WHERE seq = 1) WHERE seq = 4"),
        (.siblings, "UPDATE unit SET state = (SELECT state FROM unit WHERE seq = 5) WHERE seq = 4"),
        (.values, "UPDATE change SET value = CAST('{\"b\":1,\"a\":2}' AS BLOB) WHERE seq = 5"),
        (.cursors, "UPDATE cursor SET position = 4000 WHERE direction = 'push'"),
        (.conflicts, "UPDATE change SET question = 'choice' WHERE seq = 4"),
        (.conflicts, "INSERT INTO conflict (entity, name, question, opened_seq, opened_at) SELECT entity, name, 'choice', 4, 0 FROM unit WHERE seq = 4"),
        (.audit, "UPDATE audit SET detail = 'altered' WHERE num = 2"),
        (.audit, "DELETE FROM audit WHERE num = 2"),
        (.references, "DELETE FROM entity WHERE id = 'c1'"),
    ])
    func `what was altered behind the store's back is found`(_ rule: Finding.Rule, _ sql: String) async throws {
        let store = try await filled()
        try await store.connection.writeWithoutTransaction { db in
            try db.execute(sql: sql)
            #expect(db.changesCount > 0)
        }
        let findings = try await examine(store)
        #expect(findings.contains { $0.rule == rule }, "\(findings)")
        #expect(findings.allSatisfy { !$0.remedy.isEmpty && !$0.subject.isEmpty })
    }
}
