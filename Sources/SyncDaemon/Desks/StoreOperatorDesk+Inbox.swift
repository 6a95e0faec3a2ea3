import ChannelAdapters
import Commerce
import Store
import SyncEngine

extension StoreOperatorDesk {
    func inbox(_ state: InboxRow.State?, _ page: PageRequest) async throws(DeskError) -> Page<InboxRow> {
        let start = try page.number()
        let wanted = state.flatMap { InboxItem.State(rawValue: $0.rawValue) }
        let items = try await store.consult { reading throws(StoreError) in
            try reading.inbox(state: wanted, before: start, limit: page.limit + 1)
        }
        return Page(items.map { InboxRow($0) }, of: page, number: \.id)
    }

    func inboxRow(_ id: Int64) async throws(DeskError) -> InboxRow {
        let item = try await store.consult { reading throws(StoreError) in try reading.inboxItem(id) }
        guard let item else { throw .notFound("inbox item \(id)") }
        return InboxRow(item)
    }

    func replay(_ id: Int64, by principal: Principal) async throws(DeskError) -> InboxRow {
        let item: InboxItem? = try await store.change { writing throws(StoreError) in
            try writing.replay(id)
            try writing.audit(principal: principal.name, action: "inbox.replay", subject: "inbox/\(id)", detail: "")
            return .success(try writing.reading.inboxItem(id))
        }
        engine.inbox.signal.bump()
        guard let item else { throw .notFound("inbox item \(id)") }
        return InboxRow(item)
    }

    func effects(_ id: Int64) async throws(DeskError) -> InboxEffects {
        if let item = try await store.consult({ reading throws(StoreError) in try reading.inboxItem(id) }),
            let receiver = gateways()[item.channel]?.callbacks
        {
            return InboxEffects(item, by: receiver)
        }
        let inbox = engine.inbox
        let found = try await atDesk { () async throws(StoreError) in try await inbox.rehearse(id) }
        guard let found else { throw .notFound("inbox item \(id)") }
        return InboxEffects(found)
    }
}

extension InboxEffects {
    /// What a platform says, in one line.
    static func words(_ news: GatewayNews) -> String {
        let effect = Effect(news)
        return effect.subject + (effect.reason.map { ": \($0)" } ?? "")
    }

    /// What a platform's callback says; whether it is news is known when it is applied.
    init(_ item: InboxItem, by receiver: any CallbackReceiver) {
        do throws(ValidationFailure) {
            let news = try receiver.read(item.body)
            self.init(row: InboxRow(item), fault: nil, effects: news.map { Effect($0) })
        } catch {
            self.init(row: InboxRow(item), fault: "\(error)", effects: [])
        }
    }

    init(_ rehearsal: InboxRehearsal) {
        self.init(
            row: InboxRow(rehearsal.item), fault: rehearsal.fault,
            effects: rehearsal.effects.map { effect in
                switch effect {
                case .change(let unit, let before, let after, let prevails, let question):
                    Effect(
                        what: before == after ? .noted : .change, subject: unit.description, before: before, after: after,
                        reason: question.map { "a person is asked: \($0)" } ?? (prevails ? nil : "another value stays live"))
                case .nothing(let subject): Effect(what: .nothing, subject: subject, reason: "known already")
                case .refused(let item, let field, let reason):
                    Effect(what: .refused, subject: item, reason: field.isEmpty ? reason : "\(field): \(reason)")
                case .vanished(let entity):
                    Effect(what: .question, subject: entity.description, reason: "the channel says that it is gone")
                case .sold(let order, let units):
                    Effect(what: .noted, subject: "order \(order)", reason: "\(units) units are booked as sold, what is known already once")
                case .order(let order, let facts):
                    Effect(what: .noted, subject: "order \(order)", reason: "\(facts) facts are told, what is known already once")
                case .read(let entity): Effect(what: .read, subject: entity, reason: "it is read from the channel again")
                }
            })
    }
}

extension InboxEffects.Effect {
    fileprivate init(_ news: GatewayNews) {
        switch news {
        case .attempt(let number, .paid(let payment, _)):
            self.init(what: .noted, subject: "payment \(number)", reason: "paid with \(payment.amount), transaction \(payment.ref.transaction)")
        case .attempt(let number, .closed): self.init(what: .noted, subject: "payment \(number)", reason: "it can no longer be paid")
        case .attempt(let number, .open): self.init(what: .nothing, subject: "payment \(number)", reason: "it may still be paid")
        case .attempt(let number, .unknown(let words)): self.init(what: .nothing, subject: "payment \(number)", reason: words)
        case .refund(let number, .settled): self.init(what: .noted, subject: "refund \(number)", reason: "it went back")
        case .refund(let number, .refused(let words)): self.init(what: .noted, subject: "refund \(number)", reason: "refused: \(words)")
        case .refund(let number, .unknown(let words)): self.init(what: .nothing, subject: "refund \(number)", reason: words)
        case .refundByOthers(let transaction, let reference, let amount):
            self.init(what: .noted, subject: "transaction \(transaction)", reason: "\(amount) went back elsewhere as \(reference)")
        case .dispute(let dispute):
            self.init(
                what: .noted, subject: "transaction \(dispute.transaction)",
                reason: "dispute \(dispute.id) about \(dispute.amount) is \(dispute.stage.rawValue)")
        case .parcel(let report):
            self.init(what: .noted, subject: "parcel \(report.carrier)/\(report.number)", reason: "\(report.events.count) events on its way")
        case .nothing(let words): self.init(what: .nothing, subject: words, reason: "nothing here depends on it")
        }
    }
}

extension InboxRow {
    init(_ item: InboxItem) {
        let state: State =
            switch item.state {
            case .waiting: .waiting
            case .applied: .applied
            case .quarantined: .quarantined
            case .dead: .dead
            }
        self.init(
            id: item.number, channel: item.channel, state: state, messageID: item.event, received: item.receivedAt,
            bytes: item.body.count, attempts: item.attempts, lastError: item.error,
            nextAttempt: state == .waiting ? item.dueAt : nil)
    }
}
