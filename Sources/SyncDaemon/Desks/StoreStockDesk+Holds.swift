import Commerce
import Store

extension StoreStockDesk {
    func holds(_ ref: String?, _ state: HoldState?, _ page: PageRequest) async throws(DeskError) -> Page<Hold> {
        let before = try page.number()
        return try await store.consult { reading throws(StoreError) in
            let sku = try StoreStockDesk.skuIfAny(ref, reading)
            let rows = try reading.holds(sku: sku, state: state, before: before, limit: page.limit + 1)
            return Page(rows, of: page, number: \.number)
        }
    }

    func hold(_ order: HoldOrder, by principal: Principal) async throws(DeskError) -> HoldOutcome {
        try await store.change { writing throws(StoreError) in
            var parts: [StockDemand.Part] = []
            for line in order.lines {
                let sku = try StoreStockDesk.sku(line.sku, writing.reading)
                parts.append(StockDemand.Part(line: line.line, sku: SKUID(sku.id), quantity: line.quantity))
            }
            let request: HoldRequest
            do throws(ValidationFailure) {
                request = try HoldRequest(
                    owner: order.owner, attempt: order.attempt, demand: StockDemand(parts),
                    lifetime: .seconds(order.minutes * 60), channel: order.channel)
            } catch { throw .invalid(error) }
            let outcome = try writing.reserve(request)
            if case .held(let holds) = outcome {
                try writing.audit(
                    principal: principal.name, action: "hold", subject: order.owner,
                    detail: holds.map { "\($0.quantity) of \($0.sku) at \($0.warehouse)" }.joined(separator: ", "))
            }
            return .success(outcome)
        }
    }

    func release(owner: String, attempt: Int64?, by principal: Principal) async throws(DeskError) -> HoldAnswer {
        try await store.change { writing throws(StoreError) in
            let answer = try writing.release(owner: owner, attempt: attempt)
            if case .done = answer {
                try writing.audit(principal: principal.name, action: "hold.release", subject: owner, detail: "")
            }
            return .success(answer)
        }
    }
}
