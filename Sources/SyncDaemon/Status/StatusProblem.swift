import Commerce
import Store

/// Something an operator should look at, with the next command to run.
struct StatusProblem: Hashable, Sendable {
    enum Gravity: Int, Comparable, Sendable {
        case note, degraded, down
        static func < (left: Gravity, right: Gravity) -> Bool { left.rawValue < right.rawValue }
    }

    enum Kind: String, Sendable, CaseIterable {
        case storeUnwritable = "store_unwritable"
        case channelHalted = "channel_halted"
        case breakerOpen = "breaker_open"
        case deadLetters = "dead_letters"
        case unknownOutcomes = "unknown_outcomes"
        case inboxStuck = "inbox_stuck"
        case quarantined = "quarantined"
        case gatewayFault = "gateway_fault"
        case moneyInDoubt = "money_in_doubt"
        case billDiffers = "bill_differs"
        case configurationRefused = "configuration_refused"
        case clockStepped = "clock_stepped"
        case conflictsOpen = "conflicts_open"
        case lagging = "lagging"
        case driftUnhealed = "drift_unhealed"
        case reconcileOverdue = "reconcile_overdue"
        case channelPaused = "channel_paused"

        var gravity: Gravity {
            switch self {
            case .storeUnwritable: .down
            case .channelHalted, .breakerOpen, .deadLetters, .unknownOutcomes, .inboxStuck, .quarantined,
                .configurationRefused, .clockStepped, .lagging, .driftUnhealed, .gatewayFault, .moneyInDoubt:
                .degraded
            case .conflictsOpen, .channelPaused, .reconcileOverdue, .billDiffers: .note
            }
        }
    }

    let kind: Kind
    let channel: ChannelID?
    let count: Int
    /// What the reporter said, if it said something.
    let detail: String?

    /// A channel further behind than this is worth a word.
    static let lagMax: Duration = .seconds(60)
    /// An inbox row older than this is stuck.
    static let inboxAgeMax: Duration = .seconds(60)

    /// The next command to run.
    var next: String {
        let name = channel?.text ?? "CHANNEL"
        return switch kind {
        case .storeUnwritable: "df -h, then heyi status"
        case .channelHalted: "heyi channel resume \(name)"
        case .breakerOpen, .lagging: "heyi queue list --channel \(name)"
        case .deadLetters: "heyi queue list --channel \(name) --state dead"
        case .unknownOutcomes: "heyi queue list --channel \(name) --state unknown"
        case .inboxStuck: "heyi inbox list --state waiting"
        case .quarantined: "heyi inbox list --state quarantined"
        case .gatewayFault: "heyi gateway check \(channel?.text ?? "ID")"
        case .moneyInDoubt: "heyi order timers"
        case .billDiffers: "heyi reconcile payments --gateway \(channel?.text ?? "ID")"
        case .configurationRefused: "heyi check-config"
        case .clockStepped: "timedatectl status"
        case .conflictsOpen: "heyi conflicts list"
        case .driftUnhealed: "heyi reconcile \(name) --report"
        case .reconcileOverdue: "heyi reconcile \(name)"
        case .channelPaused: "heyi channel resume \(name)"
        }
    }

    var json: JSON {
        [
            "kind": .string(kind.rawValue), "channel": channel.map { .string($0.text) } ?? .null,
            "count": .integer(Int64(count)), "detail": detail.map(JSON.string) ?? .null, "next": .string(next),
            "text": .string(PageWords.english.problem(self)),
        ]
    }

    static func find(in report: StatusReport) -> [StatusProblem] {
        var found: [StatusProblem] = []
        func note(_ kind: Kind, _ channel: ChannelID? = nil, _ count: Int = 1, _ detail: String? = nil) {
            guard count > 0 else { return }
            found.append(StatusProblem(kind: kind, channel: channel, count: count, detail: detail))
        }
        if !report.store.writable { note(.storeUnwritable, nil, 1, report.store.fault) }
        if let refused = report.configuration.refused { note(.configurationRefused, nil, 1, refused) }
        if let step = report.clockStep { note(.clockStepped, nil, 1, step) }
        for channel in report.channels where channel.state != .retired {
            if channel.state == .halted { note(.channelHalted, channel.id, 1, channel.reason) }
            if channel.state == .paused { note(.channelPaused, channel.id) }
            if channel.breaker != .closed { note(.breakerOpen, channel.id, 1, channel.lastError) }
            note(.deadLetters, channel.id, channel.dead)
            note(.unknownOutcomes, channel.id, channel.unknown)
            note(.driftUnhealed, channel.id, channel.reconciliation.stuck)
            if channel.state == .active, channel.reconciliation.isOverdue { note(.reconcileOverdue, channel.id) }
            if channel.state == .active, channel.lag > lagMax { note(.lagging, channel.id, channel.lagChanges) }
        }
        if report.inbox.dead > 0 || (report.inbox.oldestAge ?? .zero) > inboxAgeMax {
            note(.inboxStuck, nil, max(report.inbox.dead, 1))
        }
        note(.quarantined, nil, report.inbox.quarantined)
        for account in report.gateways.accounts {
            if let fault = account.report.fault { note(.gatewayFault, account.report.id, 1, fault) }
            note(.billDiffers, account.report.id, account.figures.differences)
        }
        let figures = report.gateways.figures
        let isOld = report.gateways.oldestDoubt(at: report.at) > GatewaysStatus.doubtMax
        let isLate = report.gateways.oldestRefund > GatewaysStatus.refundMax
        note(.moneyInDoubt, nil, (isOld ? figures.paymentsInDoubt : 0) + (isLate ? figures.refundsUnknown : 0))
        note(.conflictsOpen, nil, report.conflictsOpen)
        // A stable sort by gravity keeps channels in their order.
        return found.enumerated()
            .sorted { ($1.element.kind.gravity, $0.offset) < ($0.element.kind.gravity, $1.offset) }
            .map(\.element)
    }
}
