import ChannelAdapters
import Commerce
import ConflictResolution
import Store
import SyncEngine

/// What one channel holds of a unit, as far as the hub can know.
struct HoldingStory: Sendable {
    let channel: ChannelRecord
    /// nil while the channel has not said what it can do.
    let capabilities: Capabilities?

    func holding(of story: UnitStory) throws(StoreError) -> WhyReport.Holding {
        let settings = ChannelSettings(json: channel.settings)
        let head = story.view.head
        let unit = story.view.unit
        var holding = WhyReport.Holding(channel: channel.id, state: .excluded)
        guard settings.push, settings.wants(unit.unit, channel: channel.id, offered: capabilities?.families) else {
            return holding
        }
        let cursor = try story.reading.cursor(channel, .push)
        let shadow = try story.reading.shadow(channel, unit)
        if let exception = try story.reading.exception(channel, unit) {
            switch exception.state {
            case .retrying: holding.state = .retrying
            case .unknown: holding.state = .unknown
            case .dead: holding.state = .dead
            }
            holding.lastAnswer = exception.words
            holding.nextAttempt = exception.state == .dead ? nil : exception.dueAt
            holding.value = try shadow.flatMap { shadow throws(StoreError) in try shown(shadow, story, settings) }
            return holding
        }
        if let shadow {
            holding.value = try shown(shadow, story, settings)
        } else if let given = story.history.first(where: { $0.sequence <= cursor.position }) {
            holding.value = try given.liveJSON().map { projected($0, unit.unit, settings) }
        }
        if head.sequence > cursor.position {
            holding.state = .behind
        } else {
            holding.state = try head.liveJSON() == nil ? .absent : .inStep
            holding.lastPush = cursor.movedAt
        }
        return holding
    }

    /// What a channel without clocks showed when it last agreed with us.
    private func shown(
        _ shadow: Shadow, _ story: UnitStory, _ settings: ChannelSettings
    ) throws(StoreError) -> JSON? {
        let unit = story.view.unit
        if let bytes = shadow.heldValue {
            do { return try JSON.parse(bytes) } catch { throw .corrupt("a shadow of \(channel.id): \(error)") }
        }
        guard shadow.heldHash != nil else { return nil }
        return try story.reading.value(at: shadow.baseSequence, of: unit).map { projected($0, unit.unit, settings) }
    }

    private func projected(_ value: JSON, _ unit: UnitName, _ settings: ChannelSettings) -> JSON {
        settings.projection.apply(to: capabilities?.projection.apply(to: value, unit: unit) ?? value, unit: unit)
    }
}
