import ChannelAdapters
import Commerce
import Store

extension InboxWorker {
    /// Books an order a channel has taken. It has happened, so nothing there is to sell can refuse it.
    func book(_ report: SaleReport, _ item: InboxItem) async throws(StoreError) {
        let outcome: ChannelSale.Outcome
        do throws(StoreError) {
            outcome = try await store.write { writing throws(StoreError) in
                let channel = try writing.reading.requireChannel(item.channel)
                let outcome = try writing.sell(try report.sale(of: channel, writing.reading))
                try writing.markApplied(item)
                return outcome
            }
        } catch .notFound(let what) {
            // It may be on its way: the channel may have made it, too.
            return try await fail(item, "order \(report.order): there is no \(what)", final: false)
        } catch .contradiction(let reason) {
            return try await fail(item, "order \(report.order): \(reason)", final: true)
        } catch .invalid(let failure) {
            return try await fail(item, "order \(report.order): \(failure)", final: true)
        }
        events.emit(.inboxApplied(item.channel, item: item.number))
        guard case .sold(_, let breaches) = outcome else { return }
        for breach in breaches {
            events.emit(.breached(item.channel, breach.sku, order: report.order, units: breach.quantity, owed: breach.owed))
        }
    }
}

extension SaleReport {
    /// The sale in our words.
    fileprivate func sale(of channel: ChannelRecord, _ reading: Reading) throws(StoreError) -> ChannelSale {
        var parts: [StockDemand.Part] = []
        for line in lines {
            guard let sku = SKUID(try reading.entity(line.sku, of: channel)) else { throw .notFound("\(line.sku)") }
            parts.append(StockDemand.Part(line: line.line, sku: sku, quantity: line.quantity))
        }
        do throws(ValidationFailure) {
            return try ChannelSale(
                channel: channel.id, owner: "channel/\(channel.id)/\(order)", demand: try StockDemand(parts), takenAt: takenAt)
        } catch { throw .invalid(error) }
    }
}

extension Reading {
    /// What a channel means by a name of its own or of ours.
    func entity(_ remote: RemoteRef, of channel: ChannelRecord) throws(StoreError) -> EntityRef {
        if let held = try entity(namespace: channel.aliasNamespace, kind: remote.kind, key: remote.id) { return held }
        if let id = EntityID(remote.id), try entityNumber(EntityRef(remote.kind, id)) != nil { return EntityRef(remote.kind, id) }
        throw .notFound(remote.description)
    }
}
