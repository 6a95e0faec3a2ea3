import Commerce
import Store
import SyncEngine

extension MetricsPage {
    /// What comparing the channels came to.
    func reconciliation(_ page: inout Exposition) {
        func gauge(_ name: String, _ help: String, _ value: (ReconciliationStatus) -> Double) {
            series(name, .gauge, help, value)
        }
        func counter(_ name: String, _ help: String, _ value: (ReconciliationStatus) -> Double) {
            series(name, .counter, help, value)
        }
        func series(
            _ name: String, _ kind: Exposition.Kind, _ help: String, _ value: (ReconciliationStatus) -> Double
        ) {
            page.family(name, kind, help)
            for channel in report.channels {
                page.sample(name, [("channel", channel.id.text)], value(channel.reconciliation))
            }
        }
        page.family("heyi_drift_found_total", .counter, "Differences found at a channel, by how they came about.")
        for channel in report.channels {
            for kind in DriftClass.allCases {
                page.sample(
                    "heyi_drift_found_total", [("channel", channel.id.text), ("class", kind.rawValue)],
                    Double(channel.reconciliation.found[kind] ?? 0))
            }
        }
        gauge("heyi_drift_open", "Differences not put right yet.") { Double($0.open) }
        gauge("heyi_reconcile_last_complete_timestamp_seconds", "When the last complete comparison ended; 0 before the first.") {
            Double($0.finishedAt?.milliseconds ?? 0) / 1_000
        }
        gauge("heyi_reconcile_overdue", "1 when the last complete comparison is older than twice reconcile.every.") {
            $0.isOverdue ? 1 : 0
        }
        counter("heyi_reconcile_requests_total", "Requests that comparing has made.") { Double($0.cost.requests) }
        counter("heyi_reconcile_listings_total", "Listings that came across whole for comparing.") { Double($0.cost.listings) }
        counter("heyi_reconcile_bytes_total", "Bytes sent and received for comparing, heads and bodies.") {
            Double($0.cost.bytes)
        }
        gauge("heyi_reconcile_compared_ratio", "Listings compared in the last complete round, as a share of all.") {
            guard let last = $0.last, last.listings > 0 else { return 0 }
            return Double(last.compared) / Double(last.listings)
        }
        gauge("heyi_reconcile_transferred_listings", "Listings that came across whole in the last complete round.") {
            Double($0.last?.transferred ?? 0)
        }
        gauge("heyi_reconcile_bucket_mismatches", "Buckets whose digests differed in the last complete round.") {
            Double($0.last?.mismatches ?? 0)
        }
        gauge("heyi_reconcile_duration_seconds", "How long the last complete round took.") {
            Double($0.last?.milliseconds ?? 0) / 1_000
        }
    }
}
