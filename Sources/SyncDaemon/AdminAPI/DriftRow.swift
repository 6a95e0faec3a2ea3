import Commerce
import Store
import SyncEngine

/// One difference found at a channel.
struct DriftRow: Hashable, Sendable {
    var id: Int64
    var channel: ChannelID
    var listing: String
    /// nil where it concerns the listing as a whole.
    var unit: UnitName?
    var kind: DriftClass
    var reason: String
    /// SHA-256 of what it should show, in hexadecimal.
    var expected: String?
    var shown: JSON?
    var remedy: DriftRemedy
    var round: Int64
    var healing: Int64?
    var found: Timestamp
    var healed: Timestamp?

    var json: JSON {
        [
            "id": .integer(id), "channel": .string(channel.text), "listing": .string(listing),
            "unit": unit.map { .string($0.text) } ?? .null, "class": .string(kind.rawValue), "reason": .string(reason),
            "expected": expected.map(JSON.string) ?? .null, "shown": shown ?? .null,
            "remedy": .string(remedy.rawValue), "round": .integer(round),
            "healing_seq": healing.map(JSON.integer) ?? .null, "found_at": .integer(found.milliseconds),
            "healed_at": healed.map { .integer($0.milliseconds) } ?? .null,
        ]
    }
}

extension DriftRow {
    init(_ record: DriftRecord, of channel: ChannelID) {
        self.init(
            id: record.number, channel: channel, listing: record.listing, unit: record.unit, kind: record.kind,
            reason: record.reason,
            expected: record.expected.map { bytes in
                bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            },
            shown: record.shown.map(DriftRow.value), remedy: record.remedy, round: record.round,
            healing: record.healing, found: record.foundAt, healed: record.healedAt)
    }

    /// What was shown; as text where it was too long to be kept whole.
    private static func value(_ bytes: [UInt8]) -> JSON {
        do throws(JSONError) { return try JSON.parse(bytes) } catch {
            return .string(String(decoding: bytes, as: UTF8.self))
        }
    }
}

/// One line of a comparison's answer.
enum RoundLine: Hashable, Sendable {
    case progress(RoundFigures)
    case summary(RoundFigures)

    var json: JSON {
        switch self {
        case .progress(let figures): ["type": "progress", "figures": figures.json]
        case .summary(let figures): ["type": "summary", "figures": figures.json]
        }
    }
}
