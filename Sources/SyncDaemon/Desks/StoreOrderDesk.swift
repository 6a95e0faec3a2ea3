import Commerce
import Mall
import Store

/// Shows and changes orders on the store.
struct StoreOrderDesk: OrderDesk {
    let store: Store
    let cashier: Cashier
    /// Whether whoever operates may pay for a buyer, to try the shop.
    let allowsTrial: Bool

    /// The number of the order that somebody means.
    static func number(_ ref: String, _ reading: Reading) throws(StoreError) -> String {
        if try reading.order(ref) != nil { return ref }
        var search = OrderSearch()
        search.external = ref
        let found = try reading.orders(search, limit: 2)
        guard let only = found.first else { throw .notFound("order \(ref)") }
        guard found.count == 1 else {
            throw .contradiction("several channels have an order \(ref): \(found.map(\.number).joined(separator: ", ")); name one by its number")
        }
        return only.number
    }

    static func report(_ number: String, _ reading: Reading, at now: Timestamp) throws(StoreError) -> OrderReport {
        let order = try reading.requireOrder(number)
        return OrderReport(
            order: order, refunds: try reading.refundTries(of: number), timers: try reading.timers(of: number),
            holds: try reading.holds(owner: order.owner), uses: try reading.entitlementUses(owner: order.owner),
            sights: try reading.sights(of: order, now: now))
    }

    static func report(_ number: String, _ writing: Writing) throws(StoreError) -> OrderReport {
        try report(number, writing.reading, at: writing.surroundings.time.now())
    }

    func orders(_ search: OrderSearch, _ page: PageRequest) async throws(DeskError) -> Page<OrderHead> {
        let before = try page.number()
        return try await store.consult { reading throws(StoreError) in
            Page(try reading.orders(search, before: before, limit: page.limit + 1), of: page, number: \.place)
        }
    }

    func order(_ ref: String) async throws(DeskError) -> OrderReport {
        let now = store.surroundings.time.now()
        return try await store.consult { reading throws(StoreError) in
            try StoreOrderDesk.report(try StoreOrderDesk.number(ref, reading), reading, at: now)
        }
    }

    func act(_ act: OrderAct, _ word: OrderAct.Word, on ref: String, by principal: Principal) async throws(DeskError) -> OrderReport {
        try await store.change { writing throws(StoreError) in
            let number = try StoreOrderDesk.number(ref, writing.reading)
            switch try writing.act(act, on: number, as: .seller, by: principal.name) {
            case .refused(let refusal, let order): return .failure(.refused(refusal, order))
            case .known: return .success(try StoreOrderDesk.report(number, writing))
            case .told:
                try writing.audit(principal: principal.name, action: "order.\(word.rawValue)", subject: "order/\(number)", detail: "")
                return .success(try StoreOrderDesk.report(number, writing))
            }
        }
    }

    func cancel(_ ref: String, reason: String, by principal: Principal) async throws(DeskError) -> OrderReport {
        let number = try await store.consult { reading throws(StoreError) in try StoreOrderDesk.number(ref, reading) }
        let telling = try await atDesk { () async throws(StoreError) in
            try await cashier.cancel(number, as: .operator, reason: reason, by: principal.name)
        }
        if case .refused(let refusal, let order) = telling { throw .refused(refusal, order) }
        return try await order(number)
    }

    func openPayment(_ ref: String, at gateway: String, terms: PaymentTerms, by principal: Principal) async throws(DeskError) -> OpenedPayment {
        let number = try await store.consult { reading throws(StoreError) in try StoreOrderDesk.number(ref, reading) }
        return try await StoreOrderDesk.open(number, at: gateway, terms, cashier, by: principal.name)
    }

    static func open(
        _ number: String, at gateway: String, _ terms: PaymentTerms, _ cashier: Cashier, by author: String
    ) async throws(DeskError) -> OpenedPayment {
        let opening = try await atDesk { () async throws(StoreError) in
            try await cashier.open(number, at: gateway, terms: terms, by: author)
        }
        switch opening {
        case .open(let attempt, let parameters, _): return OpenedPayment(attempt: attempt, parameters: parameters)
        case .paid(let order): throw .refused(.wrongPhase(order.state.phase, wanted: "nothing is to be paid any more"), order)
        case .refused(let refusal, let order): throw .refused(refusal, order)
        case .failed(let reason, _): throw .unavailable("gateway \(gateway): \(reason)", retryAfter: .seconds(5))
        case .noGateway(let name):
            throw .invalid(field: "gateway", reason: "\"\(name)\" is not configured; there are \(cashier.gatewayNames.joined(separator: ", "))")
        }
    }

    func payTrial(_ ref: String, amount: Int64?, transaction: String?, by principal: Principal) async throws(DeskError) -> OrderReport {
        guard allowsTrial else {
            throw .refused("The trial gateway is off, so nobody pays by saying so.", next: "set payments.trial: true where orders are play")
        }
        return try await store.change { writing throws(StoreError) in
            let number = try StoreOrderDesk.number(ref, writing.reading)
            let order = try writing.reading.requireOrder(number)
            guard let money = order.state.money else { return .failure(.refused(.notPlaced, order)) }
            let attempt = order.state.inDoubt.first { $0.gateway == TrialGateway.name }
            let paid = amount ?? attempt?.amount.amount ?? money.missing
            guard paid > 0, paid <= Money.amountMax else { return .failure(.refused(.amount(paid, wanted: "nothing is to be paid"), order)) }
            let payment = Payment(
                ref: PaymentRef(gateway: TrialGateway.name, transaction: transaction ?? "\(number)-\(order.version)"),
                attempt: attempt?.id, amount: Money(amount: paid, currency: money.currency))
            try writing.tell(.paid(payment), of: number, by: TrialGateway.name, judged: false)
            return .success(try StoreOrderDesk.report(number, writing))
        }
    }

    func refund(_ id: EntityID, of ref: String, _ act: RefundAct, by principal: Principal) async throws(DeskError) -> OrderReport {
        try await store.change { writing throws(StoreError) in
            let number = try StoreOrderDesk.number(ref, writing.reading)
            let order = try writing.reading.requireOrder(number)
            guard order.state.refund(id) != nil else { return .failure(.notFound("refund \(id) of order \(number)")) }
            switch act {
            case .retry:
                guard try writing.retryRefund(id, of: number) else {
                    return .failure(.refused("Refund \(id) is through.", next: "heyi order show \(number)"))
                }
            case .settled:
                if case .refused(let refusal, let order) = try writing.tell(.refundSettled(id), of: number, by: principal.name) {
                    return .failure(.refused(refusal, order))
                }
            }
            try writing.audit(
                principal: principal.name, action: "order.refund-\(act.rawValue)", subject: "order/\(number)", detail: id.text)
            return .success(try StoreOrderDesk.report(number, writing))
        }
    }

    func timers(_ page: PageRequest) async throws(DeskError) -> Page<StoredTimer> {
        try await store.consult { reading throws(StoreError) in Page(try reading.waitingTimers(limit: page.limit)) }
    }

    func policy(of channel: ChannelID) async throws(DeskError) -> OrderPolicy {
        try await store.consult { reading throws(StoreError) in
            try reading.orderPolicy(of: try reading.requireChannel(channel).id)
        }
    }

    func setPolicy(_ policy: OrderPolicy, of channel: ChannelID, by principal: Principal) async throws(DeskError) -> OrderPolicy {
        try await store.change { writing throws(StoreError) in
            try writing.setOrderPolicy(policy, of: channel)
            try writing.audit(
                principal: principal.name, action: "order.policy", subject: "channel/\(channel)", detail: policy.json.text)
            return .success(policy)
        }
    }

    func differences() async throws(DeskError) -> [OrderDifference] {
        try await store.consult { reading throws(StoreError) in try reading.orderDifferences() }
    }

    func plan(_ ref: String) async throws(DeskError) -> [SplitParcel] {
        try await store.consult { reading throws(StoreError) in
            try reading.shippingPlan(of: try StoreOrderDesk.number(ref, reading))
        }
    }
}

extension DeskError {
    /// What an order's rules say, and where to look.
    static func refused(_ refusal: OrderRefusal, _ order: StoredOrder) -> DeskError {
        .refused("Order \(order.number): \(refusal).", next: "heyi order show \(order.number)")
    }
}
