import ChannelAdapters
import Commerce
import Store

/// A person's word that listings that are gone were taken down on purpose.
package struct AcceptedDeletions: Sendable {
    /// Who says so.
    package let by: String
    /// Above this many nothing is believed, as if nobody had said anything.
    package let most: Int

    package init(by person: String, most: Int) {
        self.by = person
        self.most = most
    }
}

extension ChannelWorker {
    /// Names kept of what is gone.
    private static let goneNamed = 100
    /// Deletions in one transaction.
    private static let deletedAtOnce = 200

    /// Whether so much has vanished that none of it is believed.
    func isTooMuch(_ vanished: Int, of total: Int, _ round: Round) -> Bool {
        if let accepted = round.order.accepted { return vanished > accepted.most }
        return flow.isSuspicious(vanished: vanished, of: total)
    }

    /// Asks a person about what has vanished, or stops the channel where that is too much to believe.
    func conclude(_ vanished: [DriftFinding], _ round: inout Round, of total: Int) async throws(ChannelError) {
        round.figures.vanished += vanished.count
        guard !vanished.isEmpty else { return }
        round.figures.gone = vanished.prefix(ChannelWorker.goneNamed).map(\.listing)
        if isTooMuch(vanished.count, of: total, round) {
            let reason = disbelief(vanished.count, of: total, round)
            round.figures.disbelieved = reason
            if !round.order.isDryRun { await halt(reason) }
            return
        }
        let findings = vanished.map { round.order.accepted?.taken($0) ?? $0 }
        if round.order.isDryRun {
            for finding in findings { round.figures.found[finding.kind, default: 0] += 1 }
            return
        }
        let settings = self.settings
        var rest = findings[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(ChannelWorker.deletedAtOnce))
            rest = rest.dropFirst(some.count)
            try await same(round)
            let known = round
            let examined = try await stored { () async throws(StoreError) in
                try await self.store.write { writing throws(StoreError) in
                    try known.heal([DriftVerdict(findings: some)], writing, settings, isKeepingVanished: false)
                }
            }
            round.figures.add(examined)
            for event in examined.events { events.emit(event) }
        }
        signal.bump()
    }

    private func disbelief(_ vanished: Int, of total: Int, _ round: Round) -> String {
        let amount =
            round.order.accepted.map { "more than \($0.most) of \(total) listings are gone from it, which is more than was accepted" }
            ?? "at least \(vanished) of \(total) listings are gone from it at once"
        return """
            \(amount), none of which was believed; if it lost them: heyi channel resume \(id), then heyi channel resync \(id); \
            if they were taken down on purpose: heyi reconcile \(id) --accept-deletions
            """
    }
}

extension AcceptedDeletions {
    /// The finding with what is to be done about it now.
    fileprivate func taken(_ finding: DriftFinding) -> DriftFinding {
        var finding = finding
        finding.reason = "the listing is gone, and \(by) has said that it was taken down on purpose"
        finding.plan = .delete(by: by)
        return finding
    }
}

extension Round {
    /// A channel that was halted for what has been decided now goes on.
    func goOnWhereAccepted(_ figures: RoundFigures, _ writing: Writing) throws(StoreError) {
        guard let accepted = order.accepted, figures.disbelieved == nil else { return }
        let deleted = "\(figures.vanished) listings that are gone were accepted as deletions"
        try writing.audit(principal: accepted.by, action: "channel.accept", subject: "channel/\(record.id)", detail: deleted)
        guard try writing.reading.requireChannel(record.id).state == .halted else { return }
        try writing.setChannel(record.id, state: .active)
        try writing.audit(principal: accepted.by, action: "channel.resume", subject: "channel/\(record.id)", detail: deleted)
    }
}
