import Commerce
import ConflictResolution
import Crypto
import Store

extension EntityReport {
    /// An entity as it stands, whoever created it.
    init(_ ref: EntityRef, _ reading: Reading) throws(StoreError) {
        var units: [Unit] = []
        var clocks: [(String, JSON)] = []
        var deleted = false
        for head in try reading.heads(ref) {
            guard let view = try reading.view(head.unit) else { continue }
            let clock = reading.token(of: view.clock)
            let value = try head.liveJSON()
            if head.unit.unit == .life { deleted = value?["state"] == "deleted" }
            units.append(
                Unit(
                    name: head.unit.unit, value: value, clock: clock, sequence: head.sequence,
                    tag: EntityReport.tag(of: clock), siblings: view.versions.count - 1))
            clocks.append((head.unit.unit.text, clock))
        }
        self.init(
            ref: ref, deleted: deleted, units: units, tag: EntityReport.tag(of: .object(JSONObject(clocks))))
    }

    /// A digest of clocks, equal exactly when they are: a value that came back to what it was has another.
    static func tag(of clocks: JSON) -> String {
        SHA256.hash(data: clocks.bytes).prefix(8).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
