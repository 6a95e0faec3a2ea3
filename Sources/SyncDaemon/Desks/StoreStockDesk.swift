import Commerce
import Store

/// Shows and changes stock on the store.
struct StoreStockDesk: StockDesk {
    let store: Store

    /// The SKU that somebody means: by id, code or alias.
    static func sku(_ text: String, _ reading: Reading) throws(StoreError) -> EntityRef {
        let found = try reading.find(text).filter { $0.kind == .sku }
        guard let only = found.first else { throw .notFound("SKU \(text)") }
        guard found.count == 1 else {
            throw .contradiction("\(text) means several SKUs: \(found.map(\.description).joined(separator: ", ")); name one by its id")
        }
        return only
    }

    static func skuIfAny(_ text: String?, _ reading: Reading) throws(StoreError) -> EntityRef? {
        guard let text else { return nil }
        return try sku(text, reading)
    }

    func levels(low: Bool, _ page: PageRequest) async throws(DeskError) -> Page<StockLevel> {
        let (after, now) = (try page.number() ?? 0, store.surroundings.time.now())
        return try await store.consult { reading throws(StoreError) in
            let found = try reading.stockedSKUs(after: after, low: low, limit: page.limit + 1)
            var rows: [StockLevel] = []
            for (_, sku) in found.prefix(page.limit) { rows += try reading.stockLevels(sku, at: now).filter { !low || $0.isLow } }
            let next = found.count > page.limit ? found[page.limit - 1].number : nil
            return Page(rows, next: next.map { String($0) })
        }
    }

    func stock(_ ref: String) async throws(DeskError) -> StockReport {
        let now = store.surroundings.time.now()
        return try await store.consult { reading throws(StoreError) in
            try StoreStockDesk.report(try StoreStockDesk.sku(ref, reading), reading, now)
        }
    }

    private static func report(_ sku: EntityRef, _ reading: Reading, _ now: Timestamp) throws(StoreError) -> StockReport {
        var shown: [(channel: ChannelID, quantity: Int64)] = []
        for channel in try reading.channels() where channel.state != .retired {
            shown.append((channel.id, try reading.published(sku, to: channel, at: now)))
        }
        return StockReport(
            sku: sku, version: try reading.stockVersion(sku),
            available: try reading.availability(sku, at: now).holdable(withBackorder: true),
            levels: try reading.stockLevels(sku, at: now), rights: try StoreStockDesk.standings(sku, nil, reading, now), shown: shown,
            holds: try reading.holds(sku: sku, state: .open, limit: 20), entries: try reading.stockEntries(sku, limit: 20))
    }

    func entries(_ ref: String, _ page: PageRequest) async throws(DeskError) -> Page<StockEntry> {
        let before = try page.number()
        return try await store.consult { reading throws(StoreError) in
            let rows = try reading.stockEntries(try StoreStockDesk.sku(ref, reading), before: before, limit: page.limit + 1)
            return Page(rows, of: page, number: \.number)
        }
    }

    func move(_ order: StockMoveOrder, by principal: Principal) async throws(DeskError) -> StockOutcome {
        try await store.change { writing throws(StoreError) in
            let sku = try StoreStockDesk.sku(order.sku, writing.reading)
            let movement: StockOrder
            do throws(ValidationFailure) {
                movement = try StockOrder(
                    try order.movement, of: sku, at: order.warehouse, cause: StockCause(order.cause), author: principal.name,
                    reason: order.reason)
            } catch { throw .invalid(error) }
            let outcome = try writing.move(movement)
            try writing.note(outcome, principal, "stock.\(order.act.rawValue)", sku, "\(order.quantity) at \(order.warehouse), \(order.cause)")
            return .success(outcome)
        }
    }

    func setRule(_ order: StockRuleOrder, by principal: Principal) async throws(DeskError) -> StockReport {
        let now = store.surroundings.time.now()
        return try await store.change { writing throws(StoreError) in
            let sku = try StoreStockDesk.sku(order.sku, writing.reading)
            try writing.setStockRule(sku, at: order.warehouse, backorderLimit: order.backorderLimit, alertBelow: order.alertBelow)
            try writing.audit(
                principal: principal.name, action: "stock.rule", subject: sku.description,
                detail: "backorders up to \(order.backorderLimit), tells below \(order.alertBelow.map(String.init) ?? "nothing")")
            return .success(try StoreStockDesk.report(sku, writing.reading, now))
        }
    }
}

extension StockMoveOrder {
    /// - Throws: ``ValidationFailure`` for goods that leave to nowhere, or go somewhere where none leave.
    var movement: StockOrder.Act {
        get throws(ValidationFailure) {
            guard (act == .dispatch) == (target != nil) else {
                throw ValidationFailure(
                    field: "to", reason: act == .dispatch ? "is required: where do they go?" : "goes with dispatch alone")
            }
            return switch act {
            case .receive: .receive(quantity)
            case .count: .count(quantity)
            case .adjust: .adjust(by: quantity)
            case .damage: .damage(quantity)
            case .mend: .mend(quantity)
            case .scrap: .scrap(quantity)
            case .protect: .protect(quantity)
            case .dispatch: .dispatch(quantity, to: target ?? .main)
            case .arrive: .arrive(quantity)
            case .lose: .lose(quantity)
            }
        }
    }
}

extension Writing {
    /// Notes what a person has done to stock; what was known or could not be done is no act.
    func note(_ outcome: StockOutcome, _ principal: Principal, _ action: String, _ sku: EntityRef, _ detail: String) throws(StoreError) {
        guard case .done = outcome else { return }
        try audit(principal: principal.name, action: action, subject: sku.description, detail: detail)
    }
}
