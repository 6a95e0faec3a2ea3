import ChannelAdapters
package import Commerce
import ConflictResolution
package import Store

/// What applying a callback would do, as things are now.
package struct InboxRehearsal: Sendable {
    package enum Effect: Sendable {
        /// The unit would be another; `prevails` when the callback's value would become live.
        case change(UnitRef, before: JSON?, after: JSON?, prevails: Bool, question: String?)
        /// Known already, or an echo of what was pushed.
        case nothing(String)
        case refused(item: String, field: String, reason: String)
        /// The channel no longer has the entity; a person would be asked.
        case vanished(EntityRef)
        /// The entity would be read from the channel; what comes of it shows only then.
        case read(String)
        /// The goods of an order would be sold.
        case sold(order: String, units: Int64)
        /// An order would be told so much.
        case order(String, facts: Int)
    }

    package let item: InboxItem
    package let effects: [Effect]
    /// Why it cannot be applied at all.
    package let fault: String?
}

extension InboxWorker {
    /// Says what applying an item would do, whatever became of it before; nothing is changed.
    ///
    /// - Returns: nil when there is no such item.
    package func rehearse(_ number: Int64) async throws(StoreError) -> InboxRehearsal? {
        let item = try await store.read { reading throws(StoreError) in try reading.inboxItem(number) }
        guard let item else { return nil }
        let message: CallbackMessage
        do throws(ChannelError) { message = try CallbackMessage.parse(item.body) } catch {
            return InboxRehearsal(item: item, effects: [], fault: error.description)
        }
        switch message {
        case .changed(let entities):
            return InboxRehearsal(item: item, effects: entities.map { .read("\($0)") }, fault: nil)
        case .sold(let report):
            let units = report.lines.reduce(0) { $0 + $1.quantity }
            return InboxRehearsal(item: item, effects: [.sold(order: report.order, units: units)], fault: nil)
        case .orders(let reports):
            return InboxRehearsal(item: item, effects: reports.map { .order($0.order, facts: $0.facts.count) }, fault: nil)
        case .deltas(let observations, let faults):
            let capabilities = await capabilities(of: item.channel)
            let observed = try await store.rehearse { writing throws(StoreError) in
                let channel = try writing.reading.requireChannel(item.channel)
                return try Intake(writing, channel: channel, capabilities: capabilities).takeEach(observations)
            }
            let effects = try await store.read { reading throws(StoreError) in
                var effects: [InboxRehearsal.Effect] = []
                for (observation, result) in zip(observations, observed) {
                    effects.append(try InboxWorker.effect(result, of: observation, reading))
                }
                return effects
            }
            let refused = faults.map {
                InboxRehearsal.Effect.refused(item: $0.item, field: $0.field, reason: $0.reason)
            }
            return InboxRehearsal(item: item, effects: effects + refused, fault: nil)
        }
    }

    private static func effect(
        _ result: Observed, of observation: Observation, _ reading: Reading
    ) throws(StoreError) -> InboxRehearsal.Effect {
        switch result {
        case .known(let unit):
            return .nothing(unit?.description ?? "\(observation.entity)\(observation.unit.map { ":\($0)" } ?? "")")
        case .refused(let item, let field, let reason): return .refused(item: item, field: field, reason: reason)
        case .vanished(let entity): return .vanished(entity)
        case .applied(let unit, let applied):
            // Read after the rehearsal was undone, so it is what holds now.
            let before = try reading.head(unit).map { head throws(StoreError) in try head.liveJSON() } ?? nil
            return .change(
                unit, before: before, after: applied.live, prevails: applied.prevailed, question: applied.question?.rawValue)
        }
    }
}
