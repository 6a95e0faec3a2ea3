import ChannelAdapters
import Commerce
import ConflictResolution
import Store

/// Puts right what was found, on the paths that pulls and pushes take, and keeps the evidence.
struct DriftHealing {
    let writing: Writing
    let channel: ChannelRecord
    let settings: ChannelSettings
    let capabilities: Capabilities
    let round: Int64
    private var observer: Observer {
        Observer(writing, channel: channel, settings: settings, capabilities: capabilities)
    }

    init(
        _ writing: Writing, channel: ChannelRecord, settings: ChannelSettings, capabilities: Capabilities, round: Int64
    ) {
        self.writing = writing
        self.channel = channel
        self.settings = settings
        self.capabilities = capabilities
        self.round = round
    }

    /// - Returns: what was done; nil when the channel only spells in its own way what it should show.
    func heal(_ finding: DriftFinding) throws(StoreError) -> (remedy: DriftRemedy, events: [EngineEvent])? {
        var events: [EngineEvent] = []
        guard let done = try act(on: finding, &events) else { return nil }
        let reason = done.refusal.map { "\(finding.reason); \($0)" } ?? finding.reason
        let isNew = try writing.note(
            DriftFound(
                listing: finding.listing, unit: finding.unit, kind: finding.kind, reason: reason,
                expected: finding.expected, shown: finding.shown?.bytes, remedy: done.remedy, healing: done.healing),
            at: channel, round: round)
        if isNew {
            events.append(.drifted(channel.id, listing: finding.listing, unit: finding.unit, finding.kind, done.remedy))
        }
        return (done.remedy, events)
    }

    private typealias Done = (remedy: DriftRemedy, healing: Int64?, refusal: String?)

    private func act(on finding: DriftFinding, _ events: inout [EngineEvent]) throws(StoreError) -> Done? {
        switch finding.plan {
        case .push(let heads):
            if !capabilities.keepsClocks { for head in heads { try forget(head.unit) } }
            return try push(heads)
        case .agree(let sequence, let observation, let head):
            var shadow = try writing.reading.shadow(channel, head.unit) ?? Shadow()
            try observer.agree(
                head.unit, &shadow, sequence: sequence, shown: DriftJudge.value(observation), version: observation.version)
            return try push([head])
        case .sayAgain(let observation, let live):
            guard let entity = EntityRef(finding.listing), let unit = finding.unit else { return nil }
            _ = try take([observation], &events)
            let ref = UnitRef(entity, unit)
            _ = try writing.apply(
                UnitWrite(
                    ref, live, author: "reconciliation", origin: .policy, reason: "the channel's row had been put back"))
            return (.pushed, try writing.reading.head(ref)?.sequence, nil)
        case .observe(let observations): return try take(observations, &events)
        case .delete(let person): return try delete(finding, by: person)
        case .vanish(let observation):
            switch try observer.observe(observation) {
            case .vanished: return (.asked, nil, nil)
            case .refused(_, _, let reason): return (.refused, nil, reason)
            case .known, .applied: return nil
            }
        }
    }

    /// Deletes the entity in the master, for all channels.
    private func delete(_ finding: DriftFinding, by person: String) throws(StoreError) -> Done? {
        guard let entity = EntityRef(finding.listing) else { return nil }
        let life = UnitRef(entity, .life)
        guard let value = try writing.reading.live(life), value["state"] != "deleted" else { return nil }
        _ = try writing.apply(
            UnitWrite(
                life, ["state": "deleted"], author: person, origin: .api,
                reason: "gone from \(channel.id), and that was accepted"))
        return (.taken, try writing.reading.head(life)?.sequence, nil)
    }

    /// Notes units as out of step, so that the next turn pushes them under a name of their own.
    private func push(_ heads: [Change]) throws(StoreError) -> Done {
        guard settings.push else { return (.refused, nil, "nothing is pushed to this channel") }
        for head in heads {
            try writing.except(
                channel, head.unit, state: .retrying, sequence: head.sequence,
                operation: "\(OperationID.repetition)\(round)", attempts: 0, dueAt: writing.now,
                error: "confirmed before, and found missing")
        }
        return (.pushed, heads.map(\.sequence).max(), nil)
    }

    /// The channel shows nothing of a unit: whatever version we knew of it is gone, too.
    private func forget(_ unit: UnitRef) throws(StoreError) {
        guard var shadow = try writing.reading.shadow(channel, unit) else { return }
        shadow.heldHash = ContentHash.of(nil)
        shadow.heldValue = nil
        shadow.version = nil
        shadow.pushing = nil
        try writing.setShadow(channel, unit, shadow)
    }

    private func take(_ observations: [Observation], _ events: inout [EngineEvent]) throws(StoreError) -> Done? {
        var healing: Int64?
        var refusal: String?
        for observation in observations {
            switch try observer.observe(observation) {
            case .applied(let unit, let applied):
                healing = max(healing ?? 0, applied.sequence)
                events.append(.observed(channel.id, unit, sequence: applied.sequence, prevailed: applied.prevailed))
                if let question = applied.question { events.append(.conflict(unit, question)) }
            case .refused(_, let field, let reason): refusal = field.isEmpty ? reason : "\(field) \(reason)"
            case .known, .vanished: break
            }
        }
        if let refusal { return (.refused, healing, refusal) }
        return healing.map { (.taken, $0, nil) }
    }
}
