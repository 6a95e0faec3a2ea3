import ChannelAdapters
import Commerce
import Mall
import Store

extension HealthCheck {
    static let gatewayChecks = [
        HealthCheck(29, "gateways", "each account at a platform: its keys there, readable and fit, and whether it can be called back", examine: accounts),
        HealthCheck(
            30, "platforms", "whether each platform knows our keys and proves itself with its own, and keys that end soon", reach: .network,
            patience: .seconds(60), examine: platforms),
        HealthCheck(31, "money", "payments and refunds nobody knows the end of, bills that did not come or differ", examine: money),
        HealthCheck(32, "parcels", "parcels to which nothing has happened for too long", examine: parcels),
    ]

    /// A day's bill is there by noon of the next; two days more are time enough for a platform's bad day.
    private static let billWithin = 3

    @Sendable private static func accounts(_ patient: Patient) async throws -> Examination {
        let all = patient.configuration.gateways
        var symptoms: [Symptom] = []
        for gateway in all {
            do throws(GatewayFault) { _ = try patient.connected(gateway) } catch {
                symptoms.append(
                    Symptom(
                        .failure, "\(gateway.id) cannot be connected: \(error.field)", detail: error.reason,
                        next: "heyi check-config, then systemctl reload heyi"))
            }
        }
        if !all.isEmpty {
            let address = patient.configuration.listen.publicURL
            if address == nil {
                symptoms.append(
                    Symptom(
                        .warning, "listen.public_url is not set: no platform calls back, and payments are only found by asking",
                        next: "sudoedit \(patient.source?.path ?? "heyi.yaml"), then systemctl reload heyi"))
            } else if address?.hasPrefix("https://") == false {
                symptoms.append(
                    Symptom(
                        .warning, "listen.public_url is not https: platforms do not call it, or tell everybody on the way",
                        next: "sudoedit \(patient.source?.path ?? "heyi.yaml"), then systemctl reload heyi"))
            }
        }
        return Examination(
            "\(all.count) accounts", ["accounts": .integer(Int64(all.count)), "failing": .integer(Int64(symptoms.count))], symptoms)
    }

    @Sendable private static func platforms(_ patient: Patient) async throws -> Examination {
        let checks = patient.configuration.gateways.compactMap { gateway -> (ChannelID, any GatewayCheck)? in
            // One that cannot be connected is told by the check before.
            do throws(GatewayFault) { return try patient.connected(gateway).check.map { (gateway.id, $0) } } catch { return nil }
        }
        let found = await withTaskGroup(of: (ChannelID, GatewayHealth).self) { group in
            for (id, check) in checks { group.addTask { (id, await check.check()) } }
            var found: [ChannelID: GatewayHealth] = [:]
            for await (id, health) in group { found[id] = health }
            return found.sorted { $0.key < $1.key }
        }
        let symptoms = found.compactMap { id, health -> Symptom? in
            switch health.level {
            case .fine: nil
            case .doubtful: Symptom(.warning, "\(id) works, or may, and needs a look", detail: health.words, next: "heyi gateway check \(id)")
            case .broken: Symptom(.failure, "\(id) does not work with its keys", detail: health.words, next: "heyi gateway check \(id)")
            }
        }
        return Examination(
            "\(found.count - symptoms.count) of \(found.count) platforms know us",
            ["asked": .integer(Int64(found.count)), "amiss": .integer(Int64(symptoms.count))], symptoms)
    }

    @Sendable private static func money(_ patient: Patient) async throws -> Examination {
        let figures = try await patient.reading { reading throws(StoreError) in try reading.gatewayFigures() }
        let status = GatewaysStatus(accounts: [], figures: figures)
        var symptoms: [Symptom] = []
        let doubt = status.oldestDoubt(at: patient.now)
        if doubt > GatewaysStatus.doubtMax {
            symptoms.append(
                Symptom(
                    .warning, "\(figures.paymentsInDoubt) payments are in doubt, the first for \(Age.text(seconds: doubt.components.seconds))",
                    next: "heyi order timers, then heyi gateway check ID of their gateways"))
        }
        if status.oldestRefund > GatewaysStatus.refundMax {
            symptoms.append(
                Symptom(
                    .failure,
                    "\(figures.refundsUnknown) refunds are of unknown end, one for \(Age.text(seconds: status.oldestRefund.components.seconds)) or longer",
                    next: "heyi order list --problems, then the platform's own console by their numbers"))
        }
        if figures.refundsRefused > 0 {
            symptoms.append(
                Symptom(.warning, "\(figures.refundsRefused) refunds are owed and refused by their gateways", next: "heyi order list --problems"))
        }
        for (id, account) in figures.accounts.sorted(by: { $0.key < $1.key }) {
            if let first = account.firstAwaited, CalendarDay(at: patient.now).number - first.number > billWithin {
                symptoms.append(
                    Symptom(
                        .warning, "\(account.billsAwaited) bills of \(id) have not come, the first is of \(first)",
                        next: "heyi reconcile payments --gateway \(id) --date \(first)"))
            }
            if account.differences > 0 {
                symptoms.append(
                    Symptom(
                        .warning, "\(account.differences) differences with bills of \(id) are open", next: "heyi reconcile payments --gateway \(id)"))
            }
        }
        return Examination(
            "\(figures.paymentsInDoubt) payments in doubt, \(figures.refundsUnknown) refunds unknown",
            [
                "payments_in_doubt": .integer(Int64(figures.paymentsInDoubt)), "refunds_unknown": .integer(Int64(figures.refundsUnknown)),
                "refunds_refused": .integer(Int64(figures.refundsRefused)),
            ], symptoms)
    }

    @Sendable private static func parcels(_ patient: Patient) async throws -> Examination {
        let figures = try await patient.reading { reading throws(StoreError) in try reading.gatewayFigures() }
        let stalled = figures.parcelsStalled
        return Examination(
            "\(figures.parcelsFollowed) parcels are followed",
            ["followed": .integer(Int64(figures.parcelsFollowed)), "stalled": .integer(Int64(stalled))],
            stalled == 0 ? [] : [Symptom(.notice, "\(stalled) parcels have stalled", next: "heyi parcel notices --open")])
    }
}

extension Patient {
    /// An account as a reload would connect it now.
    fileprivate func connected(_ gateway: GatewayConfiguration) throws(GatewayFault) -> Gateway {
        let account = try GatewayWiring.account(gateway, configuration, credentials: credentials)
        return try Gateway(account, transport: prober.transport, surroundings: surroundings)
    }
}
