import ChannelAdapters
import Commerce
import Store
import SyncEngine

extension StoreOperatorDesk {
    func why(_ ref: String, channel: ChannelID?) async throws(DeskError) -> WhyReport {
        let observers = try await observers(of: channel)
        let found: Result<WhyReport, DeskError> = try await store.consult { reading throws(StoreError) in
            let entities = try reading.find(ref)
            guard let entity = entities.first else { return .failure(.notFound("\"\(ref)\"")) }
            guard entities.count == 1 else {
                let names = entities.map(\.description).joined(separator: ", ")
                return .failure(.invalid(field: "ref", reason: "means more than one thing; write one of \(names)"))
            }
            var units: [WhyReport.Unit] = []
            for head in try reading.heads(entity) {
                if let story = try UnitStory(head.unit, reading) { units.append(try story.report(observers)) }
            }
            let aliases = try reading.aliases(entity).map { alias in
                alias.namespace.hasPrefix("ch:")
                    ? "\(alias.namespace.dropFirst(3)): \(alias.key)" : "\(alias.namespace): \(alias.key)"
            }
            let drift = try StoreOperatorDesk.rows(
                try reading.drift(
                    of: observers.count == 1 ? observers[0].channel : nil, listing: entity.description, limit: 20), reading)
            return .success(WhyReport(ref: entity, aliases: aliases, units: units, drift: drift))
        }
        return try found.get()
    }

    /// The channels a report tells of: one, or all that are not retired.
    private func observers(of channel: ChannelID?) async throws(DeskError) -> [HoldingStory] {
        let records = try await store.consult { reading throws(StoreError) in
            guard let channel else { return try reading.channels().filter { $0.state != .retired } }
            return [try reading.requireChannel(channel)]
        }
        var observers: [HoldingStory] = []
        for record in records {
            let known = await engine.worker(record.id)?.knownCapabilities
            observers.append(HoldingStory(channel: record, capabilities: known))
        }
        return observers
    }
}
