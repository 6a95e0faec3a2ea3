import Commerce
import Store

extension StoreStockDesk {
    func rights(_ channel: ChannelID?, _ ref: String?) async throws(DeskError) -> [RightStanding] {
        let now = store.surroundings.time.now()
        return try await store.consult { reading throws(StoreError) in
            try StoreStockDesk.standings(try StoreStockDesk.skuIfAny(ref, reading), channel, reading, now)
        }
    }

    static func standings(
        _ sku: EntityRef?, _ channel: ChannelID?, _ reading: Reading, _ now: Timestamp
    ) throws(StoreError) -> [RightStanding] {
        var found: [RightStanding] = []
        for right in try reading.stockRights(sku: sku, channel: channel) {
            let record = try reading.requireChannel(right.channel)
            let told = try reading.toldQuantity(right.sku, to: record)
            let sharesPool = try reading.publishingPolicy(of: record, sku: right.sku).share > 0
            let buffer = try reading.measuredBuffer(right.sku, at: record, now: now)
            found.append(
                RightStanding(
                    right: right, told: told?.known, says: told?.seen, isUnderWay: told?.write != nil, error: told?.error,
                    guarantee: try reading.channelPace(record).capability?.guarantee(buffer: buffer, sharesPool: sharesPool)))
        }
        return found
    }

    func right(_ order: RightOrder, by principal: Principal) async throws(DeskError) -> StockOutcome {
        try await store.change { writing throws(StoreError) in
            let sku = try StoreStockDesk.sku(order.sku, writing.reading)
            let cause: StockCause
            do throws(ValidationFailure) { cause = try StockCause(order.cause) } catch { throw .invalid(error) }
            let (channel, place, who) = (order.channel, order.warehouse, principal.name)
            let outcome: StockOutcome
            switch order.act {
            case .grant:
                outcome = try writing.grant(order.quantity ?? 0, of: sku, at: place, to: channel, cause: cause, author: who)
            case .withdraw: outcome = try writing.withdraw(order.quantity ?? 0, of: sku, at: place, from: channel, cause: cause)
            case .confirm: outcome = try writing.confirmWithdrawal(of: sku, at: place, from: channel, cause: cause, author: who)
            case .end: outcome = try writing.endWithdrawal(of: sku, at: place, from: channel, cause: cause)
            }
            let units = order.quantity.map { "\($0) " } ?? ""
            try writing.note(outcome, principal, "right.\(order.act.rawValue)", sku, "\(units)of \(channel), \(cause)")
            return .success(outcome)
        }
    }

    func balance(_ ref: String, units: Int64?, by principal: Principal) async throws(DeskError) {
        try await store.change { writing throws(StoreError) in
            let sku = try StoreStockDesk.sku(ref, writing.reading)
            try writing.setBalancing(sku, units: units)
            try writing.audit(
                principal: principal.name, action: "right.balance", subject: sku.description,
                detail: units.map { "\($0) units follow demand" } ?? "rights stay where they are")
            return .success(())
        }
    }

    func publish(_ policy: PublishingPolicy, of channel: ChannelID, _ ref: String?, by principal: Principal) async throws(DeskError) {
        try await store.change { writing throws(StoreError) in
            let sku = try StoreStockDesk.skuIfAny(ref, writing.reading)
            try writing.setPublishingPolicy(policy, of: channel, sku: sku)
            try writing.audit(
                principal: principal.name, action: "stock.publishing", subject: "channel/\(channel)",
                detail: "\(sku?.description ?? "all"): share \(policy.share), floor \(policy.floor), "
                    + "cap \(policy.cap.map(String.init) ?? "none"), ring fence \(policy.ringFence), buffer \(policy.buffer)")
            return .success(())
        }
    }

    func differences(_ ref: String?) async throws(DeskError) -> [StockDifference] {
        try await store.consult { reading throws(StoreError) in
            try reading.stockDifferences(of: try StoreStockDesk.skuIfAny(ref, reading))
        }
    }

    func repair(_ ref: String?, believing truth: StockTruth, by principal: Principal) async throws(DeskError) -> [StockDifference] {
        try await store.change { writing throws(StoreError) in
            let sku = try StoreStockDesk.skuIfAny(ref, writing.reading)
            return .success(try writing.repairStock(of: sku, believing: truth, by: principal.name))
        }
    }

    func notices(open: Bool, _ page: PageRequest) async throws(DeskError) -> Page<StockNotice> {
        let before = try page.number()
        return try await store.consult { reading throws(StoreError) in
            Page(try reading.stockNotices(open: open, before: before, limit: page.limit + 1), of: page, number: \.number)
        }
    }

    func settle(_ notice: Int64, by principal: Principal) async throws(DeskError) -> CommandOutcome {
        try await store.change { writing throws(StoreError) in
            .success(try writing.settleNotice(notice, by: principal.name) ? .done : .already)
        }
    }

    func warehouses() async throws(DeskError) -> [Warehouse] {
        try await store.consult { reading throws(StoreError) in try reading.warehouses() }
    }

    func putWarehouse(_ order: WarehouseOrder, by principal: Principal) async throws(DeskError) {
        try await store.change { writing throws(StoreError) in
            try writing.putWarehouse(order.id, name: order.name, place: order.place, isClosed: order.isClosed)
            try writing.audit(
                principal: principal.name, action: "warehouse", subject: "warehouse/\(order.id)",
                detail: "\(order.name), place \(order.place)\(order.isClosed ? ", closed" : "")")
            return .success(())
        }
    }
}
