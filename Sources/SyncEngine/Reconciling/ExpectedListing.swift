import ChannelAdapters
import Commerce
import ConflictResolution
import Store

/// What a channel should show of one entity, as far as everything about it is settled.
struct ExpectedListing {
    struct Unit {
        let head: Change
        let live: JSON?
        let shadow: Shadow?
        /// Something is on its way there, waits or is dead: what it shows now proves nothing.
        let isOpen: Bool

        /// SHA-256 of what it should show; nil where that is nothing.
        func hash(_ likeness: Likeness) -> [UInt8]? {
            if let held = shadow?.heldHash { return held == ContentHash.of(nil) ? nil : held }
            return live.map { ContentHash.of(likeness.projected($0, head.unit.unit)) }
        }
    }

    let entity: EntityRef
    /// In the order of their names.
    let units: [Unit]
    /// Whether the entity is deleted here.
    let isDeleted: Bool

    init(
        _ entity: EntityRef, _ reading: Reading, channel: ChannelRecord, settings: ChannelSettings,
        capabilities: Capabilities, before: Unsettled? = nil
    ) throws(StoreError) {
        self.entity = entity
        let now = try reading.cursor(channel, .push).position
        let cursor = min(now, before?.cursor ?? now)
        var units: [Unit] = []
        var isDeleted = false
        for head in try reading.heads(entity) {
            let live = try head.liveJSON()
            if head.unit.unit.family == "life" { isDeleted = live?["state"] == "deleted" }
            guard settings.wants(head.unit.unit, channel: channel.id, offered: capabilities.families) else { continue }
            let shadow = capabilities.keepsClocks ? nil : try reading.shadow(channel, head.unit)
            let isPushing = shadow?.pushing.map { !$0.isGivenUp } ?? false
            let wasOpen = before?.units.contains(head.unit) ?? false
            let isExcepted = wasOpen ? true : try reading.exception(channel, head.unit) != nil
            units.append(
                Unit(
                    head: head, live: live, shadow: shadow,
                    isOpen: head.sequence > cursor || isPushing || isExcepted))
        }
        self.units = units
        self.isDeleted = isDeleted
    }

    /// What was on its way to a channel when it was asked. Its answer may be from before that arrived,
    /// even where it has arrived by the time the answer is looked at.
    struct Unsettled {
        let cursor: Int64
        let units: Set<UnitRef>
    }

    func unit(_ name: UnitName) -> Unit? { units.first { $0.head.unit.unit == name } }
    var isAnyOpen: Bool { units.contains(where: \.isOpen) }
}
