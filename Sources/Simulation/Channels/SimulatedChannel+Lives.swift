import ChannelAdapters
import Commerce
import SyncEngine

extension SimulatedChannel {
    /// A copy of its data, as its operators keep one.
    package struct Backup {
        let units: [Key: Held]
        let versionCount: Int
    }

    package func backup() -> Backup { Backup(units: units, versionCount: versionCount) }

    /// Its operators put a backup back: what it holds is older, and it says it is another data set.
    package func rewind(to backup: Backup) { become(backup.units) }

    /// Another shop stands behind the same address, with nothing in it.
    package func relink() { become([:]) }

    private func become(_ units: [Key: Held]) {
        life += 1
        self.units = units
        // A new life counts anew; what it held of its old one's writes is no write of this one.
        for key in units.keys { self.units[key]?.dot = nil }
        past.removeAll()
        log = keepsClocks ? [] : self.units.keys.sorted().compactMap { key in self.units[key].map { (key, $0) } }
        ledger.doubted.removeAll()
        // To a data set that never had it, the same operation is no repetition.
        ledger.applied.removeAll()
        ledger.edits.removeAll()
    }

    /// Whether its people ever saw a value of the master's there, however it came.
    func hasShown(_ value: JSON, _ unit: UnitRef) -> Bool {
        let key = Key(entity: RemoteRef(kind: unit.entity.kind, id: unit.entity.id.text), unit: unit.unit)
        let there = shown(value, unit.unit)
        guard let values = ledger.values[key] else { return false }
        return values.contains(there) || values.contains { Likeness.normal($0, unit) == Likeness.normal(there, unit) }
    }

    /// Whether what it holds of a unit is its own people's, or nothing the hub can be sure of.
    func isEditedOrReset(_ unit: UnitRef) -> Bool {
        if life > 1 { return true }
        let remote = RemoteRef(kind: unit.entity.kind, id: unit.entity.id.text)
        return ledger.edits.contains { $0.unit == unit.unit && $0.entity == remote }
    }

    /// The hub's process ended: with it went what it knew of requests under way.
    package func forgetDoubts() { if keepsClocks { ledger.doubted.removeAll() } }
}
