import ChannelAdapters
import Commerce
import ConflictResolution
import Store
import SyncEngine

extension StoreChannelDesk {
    /// Cursors on the wire are `generation.position`, so that one of another life is noticed.
    private func position(_ cursor: String?) throws(DeskError) -> Int64 {
        guard let cursor else { return 0 }
        let parts = cursor.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let position = Int64(parts[1]), position >= 0 else {
            throw .invalid(field: "since", reason: "is not a cursor this hub gave out")
        }
        guard parts[0] == store.life.generation else {
            throw .gone("the cursor belongs to an earlier life of this store")
        }
        return position
    }

    private func cursor(_ position: Int64) -> String { "\(store.life.generation).\(position)" }

    func deltas(for channel: ChannelID, since: String?, limit: Int) async throws(DeskError) -> DeltaPage {
        let start = try position(since)
        let page = try await atDesk { () async throws(StoreError) in
            try await visits.page(channel, since: start, limit: limit)
        }
        return DeltaPage(
            generation: store.life.generation,
            deltas: page.deltas.map { delta in
                OutgoingDelta(cursor: cursor(delta.sequence), json: StoreChannelDesk.json(delta))
            },
            next: cursor(page.next), complete: page.complete)
    }

    static func json(_ delta: ChannelAdapters.OutgoingDelta) -> JSON {
        var object = JSONObject()
        object["seq"] = .integer(delta.sequence)
        object["entity"] = ["kind": .string(delta.entity.kind.rawValue), "id": .string(delta.entity.id)]
        object["unit"] = .string(delta.unit.text)
        switch delta.operation {
        case .set(let bytes):
            object["op"] = "set"
            // The store wrote these bytes itself; anything else would have been refused on the way in.
            do throws(JSONError) { object["value"] = try JSON.parse(bytes) } catch { object["value"] = .null }
        case .delete: object["op"] = "delete"
        }
        object["clock"] = delta.token.json
        object["op_id"] = .string(delta.key.text)
        return .object(object)
    }

    /// Positions are `entity.begun`: the last entity's number and where the feed stood at the first page.
    func snapshot(for channel: ChannelID, after: String?, limit: Int) async throws(DeskError) -> SnapshotPage {
        var entity: Int64 = 0
        var begun: Int64?
        if let after {
            let parts = after.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 3, let number = Int64(parts[1]), number >= 0, let start = Int64(parts[2]), start >= 0
            else {
                throw .invalid(field: "after", reason: "is not a position this hub gave out")
            }
            guard parts[0] == store.life.generation else {
                throw .gone("the position belongs to an earlier life of this store")
            }
            entity = number
            begun = start
        }
        let generation = store.life.generation
        let (from, known) = (entity, begun)
        let page = try await atDesk { () async throws(StoreError) in
            try await store.read { reading throws(StoreError) in
                let record = try reading.requireChannel(channel)
                let settings = ChannelSettings(json: record.settings)
                let page = try reading.snapshot(after: from, begun: known, limit: limit)
                var deltas: [JSON] = []
                for change in page.changes
                where settings.wants(change.unit.unit, channel: channel, offered: nil) {
                    deltas.append(StoreChannelDesk.json(try reading.outgoing(change, for: record, generation: generation)))
                }
                return (deltas: deltas, next: page.next, begun: page.begun)
            }
        }
        return SnapshotPage(
            generation: generation, deltas: page.deltas,
            next: page.next.map { "\(generation).\($0).\(page.begun)" }, cursor: cursor(page.begun))
    }
}
