import ChannelAdapters
import Commerce
import ConflictResolution
import Store

/// Decides what became of pushes nobody got an answer to, from what the channel shows.
struct ReadBack {
    let settlement: Settlement
    /// The exceptions in doubt, all of entities that were read.
    let doubted: [ChannelException]
    let observations: [Observation]

    /// Clears what landed, makes the rest due again or gives it up, and takes up whatever else was seen.
    ///
    /// - Returns: how many had landed, how many had not, and what of those is given up.
    func resolve() throws(StoreError) -> (landed: Int, lost: Int, dead: [EngineEvent]) {
        let writing = settlement.writing
        let channel = settlement.channel
        let observer = Observer(
            writing, channel: channel, settings: settlement.settings, capabilities: settlement.capabilities)
        for observation in observations { _ = try observer.observe(observation) }
        var landed = 0
        var lost = 0
        var dead: [EngineEvent] = []
        for exception in doubted {
            guard let change = try writing.reading.change(at: exception.sequence, of: exception.unit) else { continue }
            let item = PushItem(
                change: change, remote: try writing.reading.remote(exception.unit.entity, of: channel),
                operation: OperationID(exception.operation), expecting: nil, exception: exception)
            if try hasLanded(item) {
                landed += 1
                try settlement.clear(item)
            } else {
                lost += 1
                if let event = try settlement.giveUp(item, "no push of it lands", attempts: exception.attempts) {
                    dead.append(event)
                    continue
                }
                try writing.except(
                    channel, exception.unit, state: .retrying, sequence: exception.sequence,
                    operation: exception.operation, attempts: exception.attempts,
                    dueAt: writing.now + wait(after: exception.attempts),
                    error: "read back: it had not landed")
            }
        }
        return (landed, lost, dead)
    }

    /// Lost once, it goes out again at once. What is lost again and again may be what the channel fails
    /// at, and what stands behind it must have its turn.
    private func wait(after attempts: Int) -> Duration {
        guard attempts > 1 else { return .zero }
        return settlement.retry.wait(afterAttempt: attempts - 1, random: settlement.random)
    }

    private func hasLanded(_ item: PushItem) throws(StoreError) -> Bool {
        guard settlement.capabilities.keepsClocks else {
            // Observing has already compared: agreement moved the shadow's base to this change or beyond.
            let shadow = try settlement.writing.reading.shadow(settlement.channel, item.change.unit)
            guard let shadow, shadow.pushing == nil else { return false }
            return shadow.baseSequence >= item.change.sequence && shadow.context.covers(item.change.clock)
        }
        let shown = observations.first { $0.entity == item.remote && $0.unit == item.change.unit.unit }
        guard let shown else { return item.change.live == nil }
        if let token = shown.token {
            let clock = try settlement.writing.reading.clock(from: token.json, lenient: true)
            return clock.covers(item.change.clock)
        }
        return false
    }
}
