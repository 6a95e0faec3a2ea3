import ChannelAdapters
import Commerce
import Store

extension InboxWorker {
    /// Writes down what became of orders at a channel. It has happened there, so the orders' rules are not asked.
    func book(_ reports: [OrderReport], _ item: InboxItem) async throws(StoreError) {
        do throws(StoreError) {
            try await store.write { writing throws(StoreError) in
                let channel = try writing.reading.requireChannel(item.channel)
                for report in reports { try writing.tell(report, of: channel) }
                try writing.markApplied(item)
            }
        } catch .notFound(let what) {
            // It may be on its way: the channel may have made it, too.
            return try await fail(item, "an order: there is no \(what)", final: false)
        } catch .contradiction(let reason) {
            return try await fail(item, "an order: \(reason)", final: true)
        } catch .invalid(let failure) {
            return try await fail(item, "an order: \(failure)", final: true)
        } catch .corrupt(let reason), .failed(let reason) {
            // The books of one order do not take it; what others say goes on, and this is tried again.
            return try await fail(item, "an order: the store does not take it: \(reason)", final: false)
        }
        events.emit(.inboxApplied(item.channel, item: item.number))
    }
}

extension Writing {
    fileprivate func tell(_ report: OrderReport, of channel: ChannelRecord) throws(StoreError) {
        let number = OrderNumber.of(report.order, at: channel.id)
        if let placed = try reading.order(number)?.state.placed, placed.channel != channel.id || placed.externalNumber != report.order {
            throw .contradiction("order \(number) is not this channel's")
        }
        for told in report.facts {
            let names = told.kind == .placed ? try names(of: told.body, channel) : [:]
            let fact: OrderFact
            do throws(ValidationFailure) {
                fact = try OrderFact(kind: told.kind, body: try told.ours(report.order, number, channel.id, names))
            } catch {
                throw .invalid(ValidationFailure(field: "\(report.order).\(told.kind.rawValue).\(error.field)", reason: error.reason))
            }
            try assertOwn(fact, number, channel.id)
            try tell(fact, of: number, at: told.at, by: "channel/\(channel.id)", judged: false)
        }
    }

    /// A channel ends what it began itself: a payment or a refund at another gateway is not its to declare over.
    private func assertOwn(_ fact: OrderFact, _ number: String, _ channel: ChannelID) throws(StoreError) {
        let state = try reading.order(number)?.state
        let (what, gateway): (String, String?)
        switch fact {
        case .refundSettled(let id), .refundRefused(let id, _, _): (what, gateway) = ("refund \(id)", state?.refund(id)?.refund.payment.gateway)
        case .paymentClosed(let id): (what, gateway) = ("payment attempt \(id)", state?.attempts.first { $0.attempt.id == id }?.attempt.gateway)
        default: return
        }
        // It may be told before what it speaks of; it comes again then.
        guard let gateway else { throw .notFound("\(what) of order \(number)") }
        guard gateway == channel.text else { throw .contradiction("\(what) of order \(number) is at \(gateway), and not \(channel)'s to end") }
    }

    /// Our names for the goods that an order's lines name in the channel's way.
    private func names(of body: JSON, _ channel: ChannelRecord) throws(StoreError) -> [String: String] {
        var names: [String: String] = [:]
        for line in body["lines"]?.array ?? [] {
            guard let sku = line["sku"]?.string, (1...128).contains(sku.utf8.count), names[sku] == nil else { continue }
            names[sku] = try reading.entity(RemoteRef(kind: .sku, id: sku), of: channel).id.text
        }
        return names
    }
}

extension OrderReport.Fact {
    /// The body in our words: a channel speaks of its own orders, collects in its own name, and acts as itself.
    fileprivate func ours(_ external: String, _ number: String, _ channel: ChannelID, _ names: [String: String]) throws(ValidationFailure) -> JSON {
        guard var object = body.object else { throw ValidationFailure(field: "body", reason: "must be an object, got \(body.typeName)") }
        func put(_ name: String, _ value: JSON) { object[name] = value }
        switch kind {
        case .placed:
            put("number", .string(number))
            put("external_number", .string(external))
            put("channel", .string(channel.text))
            for (index, line) in (body["lines"]?.array ?? []).enumerated() where line["components"] != nil {
                throw ValidationFailure(field: "lines[\(index)].components", reason: "name the goods themselves, a line each")
            }
            put("lines", .array((body["lines"]?.array ?? []).map { $0.naming(names) }))
        case .paid, .refundOpened, .paymentOpened, .refundedElsewhere, .disputed: put("gateway", .string(channel.text))
        case .cancelled:
            put("by", .string(Cancellation.Author.channel.rawValue))
            if object["number"] == nil { put("number", 1) }
        case .received: put("by", .string(OrderFact.Receiver.channel.rawValue))
        case .reinstated, .repriced:
            throw ValidationFailure(field: "kind", reason: "\(kind.rawValue) is decided here, not by a channel")
        case .paymentClosed, .shipped, .delivered, .pickedUp, .completed, .refundSettled, .refundRefused, .afterSale, .remarked, .invoiced:
            break
        }
        return .object(object)
    }
}

extension JSON {
    /// A line with our name of its goods.
    fileprivate func naming(_ names: [String: String]) -> JSON {
        guard var line = object, let sku = line["sku"]?.string, let name = names[sku] else { return self }
        line["sku"] = .string(name)
        return .object(line)
    }
}
