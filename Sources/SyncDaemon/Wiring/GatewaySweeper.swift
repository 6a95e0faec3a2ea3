import ChannelAdapters
import Commerce
import Logging
import Mall
import Store
import SyncEngine

/// Has what gateways' callbacks say done, as they come.
struct GatewaySweeper: Sendable {
    /// Nothing is waited for longer than this, whatever the signal says.
    private static let idle = Duration.seconds(5)
    let clerk: GatewayClerk
    let signal: FeedSignal
    let time: any TimeSource
    let logger: Logger

    /// Works until cancelled.
    func run() async {
        while !Task.isCancelled {
            let seen = signal.value
            do throws(StoreError) {
                try await clerk.work()
                await signal.wait(beyond: seen, timeout: try await clerk.rest(atMost: GatewaySweeper.idle))
            } catch {
                logger.error("\(error)", metadata: ["evt": "gateways.failed"])
                do { try await time.sleep(for: .seconds(1)) } catch { return }
            }
        }
    }
}

/// Has parcels followed, and bills looked for, by the accounts there are at the moment.
struct GatewayRounds: Sendable {
    private static let parcels = Duration.seconds(2)
    private static let bills = Duration.seconds(60)
    private static let keys = Duration.seconds(1)
    let store: Store
    let wiring: GatewayWiring
    let logger: Logger

    /// Looks after parcels until cancelled.
    func followParcels() async {
        await every(GatewayRounds.parcels, "parcels.failed") { () async throws(StoreError) in
            try await wiring.parcelClerk(store, logger).work(now: store.surroundings.time.now())
        }
    }

    /// Looks after bills until cancelled.
    func compareBills() async {
        await every(GatewayRounds.bills, "bills.failed") { () async throws(StoreError) in
            try await BillClerk(wiring.reconciler(store)) { [logger] in $0.write(to: logger) }.work()
        }
    }

    /// Fetches platforms' keys that were missed, until cancelled.
    func fetchKeys() async {
        await every(GatewayRounds.keys, "keys.failed") { () async throws(StoreError) in
            await wiring.fetchMissingKeys()
            return 0
        }
    }

    private func every(
        _ wait: Duration, _ event: String, _ work: () async throws(StoreError) -> Int
    ) async {
        while !Task.isCancelled {
            do throws(StoreError) { _ = try await work() } catch {
                if !Task.isCancelled { logger.error("\(error)", metadata: ["evt": "\(event)"]) }
            }
            do { try await store.surroundings.time.sleep(for: wait) } catch { return }
        }
    }
}

extension GatewayWiring {
    /// Whoever follows parcels, by the accounts there are now.
    func parcelClerk(_ store: Store, _ logger: Logger) -> ParcelClerk {
        let trackers = gateways.sorted { $0.key < $1.key }.compactMap(\.value.parcels)
        return ParcelClerk(store: store, trackers: trackers, policy: policies.parcels, carrier: CarrierTable.carrier(called:)) { $0.write(to: logger) }
    }

    /// Whoever compares bills, by the accounts there are now.
    func reconciler(_ store: Store) -> Reconciler {
        let (connected, policies) = (gateways, policies)
        let accounts = accounts.compactMap { account -> BillAccount? in
            guard let source = connected[account.configuration.id]?.bills else { return nil }
            return BillAccount(gateway: account.configuration.id.text, source: source, terms: account.configuration.billTerms(policies.bills))
        }
        return Reconciler(store: store, accounts: accounts, gateways: connected.values.compactMap(\.payments))
    }
}

extension GatewayConfiguration {
    fileprivate func billTerms(_ bills: Configuration.Bills) -> BillTerms {
        // Stripe's days are UTC's; the others are Beijing's.
        let offset: Duration = kind == .stripe ? .zero : .seconds(28_800)
        let fee = settings["fee_ppm"].flatMap { Int64($0) }.map { FeeRate(partsPerMillion: $0) }
        return BillTerms(offset: offset, firstLook: bills.firstLook, fee: fee, patience: bills.patience, lookBackDays: bills.lookBackDays)
    }
}

extension GatewayEvent {
    func write(to logger: Logger) {
        switch self {
        case .applied(let gateway, let item):
            logger.debug("callback \(item) is applied", metadata: ["evt": "gateway.applied", "gateway": "\(gateway)"])
        case .failed(let gateway, let item, let error, false):
            logger.warning(
                "callback \(item) cannot be applied yet: \(error)", metadata: ["evt": "gateway.retrying", "gateway": "\(gateway)"])
        case .failed(let gateway, let item, let error, true):
            logger.error(
                "callback \(item) waits for a person: \(error); see heyi callback show \(item)",
                metadata: ["evt": "gateway.dead", "gateway": "\(gateway)"])
        case .otherAmount(let gateway, let number, let paid, let asked):
            logger.warning(
                "\(number) was paid with \(paid), \(asked) were asked for; its gateway is asked",
                metadata: ["evt": "gateway.amount", "gateway": "\(gateway)"])
        }
    }
}

extension ParcelNews {
    fileprivate func write(to logger: Logger) {
        switch self {
        case .delivered(let order, let part):
            logger.info("parcel \(part.text) was delivered", metadata: ["evt": "parcel.delivered", "order": "\(order)"])
        case .stalled(let order, let part):
            logger.warning("nothing happens to parcel \(part.text)", metadata: ["evt": "parcel.stalled", "order": "\(order)"])
        case .refused(let order, let part, let account, let words):
            logger.warning(
                "\(account) will not follow parcel \(part.text): \(words)", metadata: ["evt": "parcel.refused", "order": "\(order)"])
        case .stuck(let order, let part, let words):
            logger.error("parcel \(part.text) is looked at again later: \(words)", metadata: ["evt": "parcel.stuck", "order": "\(order)"])
        }
    }
}

extension BillNews {
    fileprivate func write(to logger: Logger) {
        switch self {
        case .compared(let gateway, let day, let open) where open > 0:
            logger.warning(
                "\(open) differences with the bill of \(day): heyi reconcile payments --gateway \(gateway) --date \(day)",
                metadata: ["evt": "bill.differs", "gateway": "\(gateway)"])
        case .compared(let gateway, let day, _):
            logger.info("the bill of \(day) fits", metadata: ["evt": "bill.fits", "gateway": "\(gateway)"])
        case .none(let gateway, let day, let words):
            logger.notice("no bill of \(day) yet: \(words)", metadata: ["evt": "bill.none", "gateway": "\(gateway)"])
        case .stuck(let gateway, let day, let words):
            logger.error("the bill of \(day) is looked at again later: \(words)", metadata: ["evt": "bill.stuck", "gateway": "\(gateway)"])
        }
    }
}
