package import ChannelAdapters
package import Commerce
import Crypto

extension ShopSimulator {
    package func value(_ entity: RemoteRef, _ unit: UnitName) -> JSON? { entities[entity]?.units[unit]?.value }

    /// All it holds now, by the bytes of entity and unit.
    package var contents: [(entity: RemoteRef, unit: UnitName, value: JSON)] {
        names.compactMap(RemoteRef.init(name:)).flatMap { entity in
            (entities[entity]?.unitsInOrder ?? []).compactMap { unit in
                value(entity, unit).map { (entity, unit, $0) }
            }
        }
    }

    /// Operations that changed something more than once, which must never happen.
    package var doubledEffects: [String] { ledger.filter { $0.value > 1 }.keys.sorted() }

    /// A digest over everything held: SHA-256, in lower-case hexadecimal, of one line
    /// `kind/id unit value` for each unit, the value as canonical JSON, lines sorted by bytes.
    /// An entity whose `life` is deleted is left out, as one that is gone.
    package func digest() -> String {
        var lines: [[UInt8]] = []
        for (entity, held) in entities where !held.saysDeleted {
            for (unit, state) in held.units {
                guard let value = state.value else { continue }
                var line = Array("\(entity) \(unit.text) ".utf8)
                value.write(to: &line)
                line.append(UInt8(ascii: "\n"))
                lines.append(line)
            }
        }
        lines.sort { $0.lexicographicallyPrecedes($1) }
        var hash = SHA256()
        for line in lines { hash.update(data: line) }
        return hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// A page about itself for whoever drives the simulation.
    package func state() -> JSON {
        let held = entities.values.filter { !$0.isDeleted }
        let units = held.reduce(0) { $0 + $1.units.values.count { $0.value != nil } }
        return [
            "channel": .string(channel.text), "face": .string(face.rawValue), "actor": .string(actorName),
            "entities": .integer(Int64(held.count)), "units": .integer(Int64(units)),
            "own_edits": .integer(Int64(log.count)), "effects": .integer(Int64(writes.count)),
            "doubled": .array(doubledEffects.map { .string($0) }),
            "hub_generation": hubGeneration.map { .string($0) } ?? .null, "digest": .string(digest()),
            "dials": dials.json,
        ]
    }

    /// How often each operation changed something, and on request every single change in order.
    package func ledgerReport(withWrites: Bool) -> JSON {
        let counted = ledger.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        var report = JSONObject([
            ("effects", .integer(Int64(writes.count))),
            ("operations", .object(JSONObject(counted.map { ($0.key, .integer(Int64($0.value))) }))),
            ("doubled", .array(doubledEffects.map { .string($0) })),
        ])
        if withWrites {
            report["writes"] = .array(
                writes.map { write in
                    [
                        "operation": .string(write.operation), "entity": .string(write.entity.description),
                        "unit": write.unit.map { .string($0.text) } ?? .null, "value": write.value ?? .null,
                    ]
                })
        }
        return .object(report)
    }
}

extension HeldEntity {
    private static let life = UnitName("life")

    /// Whether the hub said that it is deleted.
    var saysDeleted: Bool {
        HeldEntity.life.flatMap { units[$0]?.value?["state"] } == "deleted"
    }
}

extension RemoteRef {
    /// Reads `kind/id`.
    init?(name: String) {
        let halves = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, let kind = EntityKind(rawValue: String(halves[0])),
            (1...128).contains(halves[1].utf8.count)
        else { return nil }
        self.init(kind: kind, id: String(halves[1]))
    }

    var json: JSON { ["kind": .string(kind.rawValue), "id": .string(id)] }
}
