import Commerce
import ConflictResolution
import Store
import SyncEngine

/// An engine event in words.
struct EventWords {
    let level: StatusEvent.Level
    let code: String
    let channel: ChannelID?
    let entity: EntityRef?
    let text: String
    /// Whether it happens all the time; such lines are for debugging only.
    let isRoutine: Bool

    private init(
        _ level: StatusEvent.Level, _ code: String, _ channel: ChannelID?, _ text: String, entity: EntityRef? = nil,
        isRoutine: Bool = false
    ) {
        self.level = level
        self.code = code
        self.channel = channel
        self.entity = entity
        self.text = text
        self.isRoutine = isRoutine
    }

    init(_ event: EngineEvent) {
        switch event {
        case .connected(let id, let clocks):
            self.init(.info, "connected", id, "connected; it \(clocks ? "keeps" : "does not keep") clocks")
        case .pushed(let id, let units, let through):
            self.init(.info, "pushed", id, "\(units) units stored, in step up to \(through)", isRoutine: true)
        case .pushFailed(let id, _, let error, _): self.init(.warning, "push_failed", id, error)
        case .throttled(let id, let wait):
            self.init(.info, "throttled", id, "waits \(wait.milliseconds) ms as it asked", isRoutine: true)
        case .outcomeUnknown(let id, let units, let error):
            self.init(.warning, "outcome_unknown", id, "\(units) units sent and not answered: \(error)")
        case .readBack(let id, let landed, let lost):
            self.init(.info, "read_back", id, "read back: \(landed) had landed, \(lost) had not")
        case .deadLettered(let id, let unit, let field, let reason):
            self.init(
                .error, "dead_letter", id,
                "\(unit) is refused\(field.isEmpty ? "" : " at \(field)"): \(reason)", entity: unit.entity)
        case .pulled(let id, let seen, let applied):
            self.init(.info, "pulled", id, "\(seen) reports, \(applied) new", isRoutine: applied == 0)
        case .pullFailed(let id, let error, _): self.init(.warning, "pull_failed", id, error)
        case .pullFault(let id, let item, let field, let reason):
            self.init(.warning, "pull_fault", id, "\(item) \(field): \(reason)")
        case .observed(let id, let unit, let sequence, let prevailed):
            self.init(
                .info, "observed", id,
                "\(unit) edited there, change \(sequence)\(prevailed ? "" : "; another value is live")",
                entity: unit.entity)
        case .conflict(let unit, let question):
            self.init(
                .warning, "conflict_opened", nil, "\(unit) needs a person: \(question.rawValue)", entity: unit.entity)
        case .refused(let id, let item, let field, let reason):
            self.init(.warning, "refused", id, "\(item)\(field.isEmpty ? "" : " \(field)"): \(reason)")
        case .breaker(let id, let state): self.init(.warning, "breaker", id, "breaker is \(state.rawValue)")
        case .halted(let id, let reason): self.init(.error, "halted", id, reason)
        case .observing(let id, let pages, let done):
            self.init(
                .info, "observing", id,
                done ? "looked at everything it holds, \(pages) pages" : "will be looked at before it is pushed to")
        case .drifted(let id, let listing, let unit, let kind, let remedy):
            self.init(
                .warning, "drift", id,
                "\(unit.map { "\($0) of " } ?? "")\(listing) differs there (\(kind.rawValue)): \(remedy.words)",
                entity: EntityRef(listing))
        case .reconciled(let id, let figures): self.init(.info, "reconciled", id, figures.words)
        case .reconcileFailed(let id, let error): self.init(.warning, "reconcile_failed", id, error)
        case .inboxApplied(let id, let item): self.init(.info, "inbox_applied", id, "callback \(item) applied")
        case .inboxFailed(let id, let item, let error, let dead):
            self.init(
                dead ? .error : .warning, "inbox_failed", id,
                "callback \(item): \(error)\(dead ? "; waits for an operator" : "")")
        case .quantitiesTold(let id, let skus): self.init(.info, "quantities_told", id, "\(skus) SKUs: told what there is to sell", isRoutine: true)
        case .quantityRefused(let id, let sku, let reason):
            self.init(.warning, "quantity_refused", id, "\(sku) could not be told: \(reason)", entity: sku)
        case .ordersTold(let id, let orders): self.init(.info, "orders_told", id, "\(orders) orders: told how they stand", isRoutine: true)
        case .orderRefused(let id, let order, let reason):
            self.init(.warning, "order_refused", id, "how order \(order) stands was not taken: \(reason)")
        case .breached(let id, let sku, let order, let units, let owed):
            self.init(
                .error, "breach", id,
                "order \(order) sold \(units) of \(sku) beyond its right"
                    + (owed > 0 ? "; \(owed) are owed to its buyer" : ", covered from what was kept back") + ": heyi stock notices",
                entity: sku)
        case .storeFailed(let error): self.init(.error, "store_failed", nil, error)
        }
    }
}

extension DriftRemedy {
    /// What was done, in words.
    var words: String {
        switch self {
        case .pushed: "it is pushed again"
        case .taken: "taken up as an edit"
        case .asked: "a person is asked"
        case .refused: "nothing could be done about it"
        }
    }
}

extension RoundFigures {
    /// What a comparison came to, in a sentence.
    var words: String {
        if let disbelieved { return disbelieved }
        let kinds = DriftClass.allCases.compactMap { kind in found[kind].map { "\($0) \(kind.rawValue)" } }
        let what = kinds.isEmpty ? "all in step" : kinds.joined(separator: ", ")
        return "\(compared) of \(listings) listings compared, \(transferred) read, \(requests) requests: \(what)"
    }
}
