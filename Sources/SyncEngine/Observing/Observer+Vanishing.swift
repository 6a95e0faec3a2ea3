import ChannelAdapters
import Commerce
import ConflictResolution
import Store

extension Observer {
    /// An entity the channel no longer shows: proposed as a deletion where its settings say so.
    func vanished(_ entity: EntityRef, _ observation: Observation) throws(StoreError) -> Observed {
        guard let name = UnitName("life") else { preconditionFailure("life is a unit") }
        let life = UnitRef(entity, name)
        guard let value = try writing.reading.live(life), value["state"] != "deleted" else { return .known(life) }
        guard try wasHeld(life) else { return .known(life) }
        guard settings.deletes == .propose else { return .vanished(entity) }
        let open = try writing.reading.conflict(of: life)
        if open == nil {
            let seen = try writing.reading.head(life)?.clock ?? VectorClock()
            _ = try write(
                life, ["state": "deleted"], .observed(channel.actor.actor, seen: seen), observation)
        }
        return .vanished(entity)
    }

    /// Whether the channel certainly had the unit once; only then is its absence a deletion.
    private func wasHeld(_ unit: UnitRef) throws(StoreError) -> Bool {
        guard capabilities.keepsClocks else {
            return try writing.reading.shadow(channel, unit)?.heldHash != nil
        }
        guard let head = try writing.reading.head(unit) else { return false }
        let cursor = try writing.reading.cursor(channel, .push).position
        let exception = try writing.reading.exception(channel, unit)
        return cursor >= head.sequence && exception == nil
    }
}
