import ChannelAdapters
import Commerce
import Store
import SyncEngine

extension StoreOperatorDesk {
    func reconcile(
        _ id: ChannelID, dryRun: Bool, accepting most: Int?, by principal: Principal, report: @escaping @Sendable (RoundLine) async -> Void
    ) async throws(DeskError) {
        let record = try await store.consult { reading throws(StoreError) in try reading.requireChannel(id) }
        guard let worker = await engine.worker(id) else {
            throw .refused(
                record.settings["endpoint"]?.string == nil
                    ? "Channel \(id) comes to us; it compares by itself." : "Channel \(id) is not connected.",
                next: "heyi status")
        }
        if !dryRun {
            try await store.change { writing throws(StoreError) in
                try writing.audit(
                    principal: principal.name, action: "channel.reconcile", subject: "channel/\(id)",
                    detail: most.map { "accepting up to \($0) deletions" } ?? "")
                return .success(())
            }
        }
        let accepted = most.map { AcceptedDeletions(by: principal.name, most: $0) }
        let order = RoundOrder(isDryRun: dryRun, accepted: accepted)
        do throws(RoundError) {
            let figures = try await worker.reconcile(order) { await report(.progress($0)) }
            await report(.summary(figures))
        } catch {
            switch error {
            case .busy: throw .refused("Channel \(id) is being compared already.", next: "heyi reconcile \(id) --report")
            case .notNow(let reason): throw .refused("Channel \(id) cannot be compared: \(reason).", next: "heyi status")
            case .channel(let error):
                throw .unavailable("Channel \(id) could not be compared: \(error)", retryAfter: .seconds(30))
            }
        }
    }

    func drift(_ channel: ChannelID?, open: Bool?, _ page: PageRequest) async throws(DeskError) -> Page<DriftRow> {
        let before = try page.number() ?? .max
        let rows = try await store.consult { reading throws(StoreError) in
            let record = try channel.map { id throws(StoreError) in try reading.requireChannel(id) }
            return try StoreOperatorDesk.rows(
                try reading.drift(of: record, open: open, before: before, limit: page.limit + 1), reading)
        }
        return Page(rows, of: page, number: \.id)
    }

    static func rows(_ records: [DriftRecord], _ reading: Reading) throws(StoreError) -> [DriftRow] {
        let channels = try reading.channels()
        return records.compactMap { record in
            channels.first { $0.number == record.channel }.map { DriftRow(record, of: $0.id) }
        }
    }
}
