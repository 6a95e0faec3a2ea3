package import Commerce
package import Store

/// What is live of one entity, looked at from one channel.
package struct ShelfView: Sendable {
    package let entity: EntityRef
    package let channel: ChannelID
    /// Canonical JSON by unit name.
    private let heads: [String: [UInt8]]

    init(_ entity: EntityRef, at channel: ChannelID, _ reading: Reading) throws(StoreError) {
        self.entity = entity
        self.channel = channel
        var heads: [String: [UInt8]] = [:]
        for (unit, live) in try reading.liveUnits(entity) { heads[unit.text] = live }
        self.heads = heads
    }

    package var isEmpty: Bool { heads.isEmpty }

    /// A unit's live value; nil when it is absent or deleted.
    package func value(_ unit: String) throws(StoreError) -> JSON? {
        guard let live = heads[unit] else { return nil }
        do { return try JSON.parse(live) } catch { throw .corrupt("what is live of \(entity) \(unit): \(error)") }
    }

    /// The channel's own value where it has one, else everybody's.
    package func ownValue(_ unit: String) throws(StoreError) -> JSON? {
        if let own = try value("\(unit)@\(channel)") { return own }
        return try value(unit)
    }

    /// A text in the language asked for or a wider one (`en` for `en-GB`), else in the usual one, else in the first there is.
    package func text(_ asked: String?, usual: String) throws(StoreError) -> (locale: String, value: JSON)? {
        var locales: [String] = []
        var wider = (asked ?? "")[...]
        while !wider.isEmpty {
            locales.append(String(wider))
            wider = wider.lastIndex(of: "-").map { wider[..<$0] } ?? ""
        }
        for locale in locales + [usual] {
            if let value = try value("text.\(locale)") { return (locale, value) }
        }
        guard let first = heads.keys.filter({ $0.hasPrefix("text.") }).min(), let value = try value(first) else { return nil }
        return (String(first.dropFirst(5)), value)
    }

    /// All the languages it has a text in.
    package func texts() throws(StoreError) -> [JSON] {
        var found: [JSON] = []
        for name in heads.keys.filter({ $0.hasPrefix("text.") }).sorted() {
            if let value = try value(name) { found.append(value) }
        }
        return found
    }

    /// What everybody pays, where it is in force.
    func listPrice(_ currency: Currency, at now: Timestamp) throws(StoreError) -> Int64? {
        try price("price.\(currency)", currency, now)?.amount.amount
    }

    /// The channel's own price, where it has one in force.
    func channelPrice(_ currency: Currency, at now: Timestamp) throws(StoreError) -> Int64? {
        try price("price.\(currency)@\(channel)", currency, now)?.amount.amount
    }

    private func price(_ unit: String, _ currency: Currency, _ now: Timestamp) throws(StoreError) -> Price? {
        guard let value = try value(unit), let price = Price(value, currency: currency) else { return nil }
        return price.from.map({ $0 <= now }) ?? true && price.until.map({ now < $0 }) ?? true ? price : nil
    }

    /// The price in force: the channel's own in its time, else everybody's in its.
    package func price(_ currency: Currency, at now: Timestamp) throws(StoreError) -> Price? {
        for unit in ["price.\(currency)@\(channel)", "price.\(currency)"] {
            if let price = try price(unit, currency, now) { return price }
        }
        return nil
    }

    /// Whether it lives, is on the shelf now and is shown at the channel.
    ///
    /// A product that was never put on a shelf is not on one; a SKU that was not goes with its product.
    package func isOnShelf(at now: Timestamp) throws(StoreError) -> Bool {
        if heads.isEmpty { return false }
        if try value("life")?["state"]?.string == "deleted" { return false }
        if try ownValue("visibility")?["shown"]?.bool == false { return false }
        guard let shelf = try value("shelf") else { return entity.kind == .sku }
        return shelf["state"]?.string == "on" && (shelf["on_at"]?.integer ?? .min) <= now.milliseconds
            && now.milliseconds < shelf["off_at"]?.integer ?? .max
    }
}

extension Reading {
    /// What is live of an entity, looked at from a channel; empty for one that nobody knows.
    package func shelfView(_ entity: EntityRef, at channel: ChannelID) throws(StoreError) -> ShelfView {
        try ShelfView(entity, at: channel, self)
    }

    /// Whether a SKU is sold at a channel now: it and its product are on the shelf there.
    package func isOffered(_ sku: EntityRef, at channel: ChannelID, now: Timestamp) throws(StoreError) -> Bool {
        guard sku.kind == .sku else { return false }
        let units = try shelfView(sku, at: channel)
        guard try units.isOnShelf(at: now), let product = try units.value("identity")?["product"]?.string.flatMap({ EntityID($0) }) else {
            return false
        }
        return try shelfView(EntityRef(.product, product), at: channel).isOnShelf(at: now)
    }
}
