import Commerce
import Store

extension MetricsPage {
    /// Accounts at payment and logistics platforms, and the money nobody knows the end of.
    func gateways(_ page: inout Exposition) {
        let status = report.gateways
        func each(_ name: String, _ kind: Exposition.Kind, _ help: String, _ value: (GatewaysStatus.Account) -> Double?) {
            page.family(name, kind, help)
            for account in status.accounts {
                if let value = value(account) { page.sample(name, [("gateway", account.report.id.text)], value) }
            }
        }
        each("heyi_gateway_connected", .gauge, "1 while the account is connected as it is configured.") { $0.report.fault == nil ? 1 : 0 }
        page.family("heyi_gateway_callbacks_total", .counter, "Callbacks at the door since the start, by whether they were let in.")
        page.family("heyi_gateway_callbacks_waiting", .gauge, "Callbacks that are not applied, by state.")
        for account in status.accounts {
            let id = account.report.id.text
            for (result, count) in [("admitted", account.report.admitted), ("refused", account.report.refused)] {
                page.sample("heyi_gateway_callbacks_total", [("gateway", id), ("result", result)], Double(count))
            }
            for (state, count) in [("waiting", account.figures.waiting), ("quarantined", account.figures.quarantined), ("dead", account.figures.dead)] {
                page.sample("heyi_gateway_callbacks_waiting", [("gateway", id), ("state", state)], Double(count))
            }
        }
        each("heyi_gateway_last_callback_timestamp_seconds", .gauge, "When the newest callback came, since 1970 UTC; absent before the first.") {
            $0.lastHeard.map { Double($0.milliseconds) / 1_000 }
        }
        each("heyi_gateway_bills_awaited", .gauge, "Days whose bill has not come.") { Double($0.figures.billsAwaited) }
        each("heyi_gateway_bill_differences_open", .gauge, "Differences between bills and our books that nobody has dealt with.") {
            Double($0.figures.differences)
        }
        let figures = status.figures
        one(&page, "heyi_payments_in_doubt", .gauge, "Payments somebody was sent to make and nobody has heard of.", Double(figures.paymentsInDoubt))
        one(
            &page, "heyi_payments_in_doubt_oldest_seconds", .gauge, "How long the first of them has been so; 0 without any.",
            status.oldestDoubt(at: report.at).inSeconds)
        page.family("heyi_refunds_waiting", .gauge, "Refunds that are owed and not through, by what is known of them.")
        for (state, count) in [("unknown", figures.refundsUnknown), ("refused", figures.refundsRefused)] {
            page.sample("heyi_refunds_waiting", [("state", state)], Double(count))
        }
        one(
            &page, "heyi_refunds_unknown_oldest_seconds", .gauge, "How long one whose end is unknown has been asked after, at least; 0 without any.",
            status.oldestRefund.inSeconds)
        page.family("heyi_parcels", .gauge, "Parcels that are looked after, and those to which nothing has happened for too long.")
        for (state, count) in [("followed", figures.parcelsFollowed), ("stalled", figures.parcelsStalled)] {
            page.sample("heyi_parcels", [("state", state)], Double(count))
        }
    }
}
