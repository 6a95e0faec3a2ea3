package import Commerce
import Crypto
import GRDB

/// What was offered to somebody: priced goods, for a time. An order is made of one, never of what a client says.
package struct Quote: Hashable, Sendable {
    package let id: String
    package let channel: ChannelID
    package let member: EntityID?
    /// The priced lines and all that belongs to them, as they were offered.
    package let body: JSON
    /// SHA-256 of the body; the same offer has the same.
    package let hash: [UInt8]
    package let expiresAt: Timestamp
    /// The order it became.
    package let usedBy: String?
}

/// What came of making an order of a quote.
package enum QuoteOutcome: Hashable, Sendable {
    case used(Quote)
    /// It became this order before.
    case already(order: String)
    /// Its time is over; a new one is to be asked for.
    case expired(at: Timestamp)
}

extension Quote {
    /// The longest time prices are promised for.
    package static let lifetimeMax: Duration = .seconds(86_400)

    static func hash(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
}

extension Reading {
    /// A quote by its id; one given to another channel or another member is not there.
    package func quote(_ id: String, of channel: ChannelID, member: EntityID?) throws(StoreError) -> Quote? {
        let record = try requireChannel(channel)
        return try perform { db in
            try db.first("SELECT body, hash, expires_at, used_by FROM quote WHERE id = ?1 AND channel = ?2 AND member IS ?3") { parameters in
                parameters.set(1, id)
                parameters.set(2, record.number)
                parameters.set(3, member?.text)
            } _: { row in
                let bytes = try row.bytes(0)
                let hash = try row.bytes(1)
                guard Quote.hash(bytes) == hash else { throw StoreError.corrupt("quote \(id) is not what was offered") }
                let body: JSON
                do { body = try JSON.parse(bytes) } catch { throw StoreError.corrupt("quote \(id): \(error)") }
                return Quote(
                    id: id, channel: channel, member: member, body: body, hash: hash,
                    expiresAt: Timestamp(milliseconds: try row.integer(2)), usedBy: try row.textIfAny(3))
            }
        }
    }
}

extension Writing {
    /// Keeps what is offered until its time is over.
    package func offer(
        _ body: JSON, to member: EntityID?, at channel: ChannelID, for lifetime: Duration
    ) throws(StoreError) -> Quote {
        guard lifetime > .zero, lifetime <= Quote.lifetimeMax else {
            throw .invalid(ValidationFailure(field: "lifetime", reason: "must be longer than 0 and at most a day"))
        }
        let record = try reading.requireChannel(channel)
        let id = desk.surroundings.ids.next()
        let now = desk.surroundings.time.now()
        let bytes = body.bytes
        let hash = Quote.hash(bytes)
        try perform { db in
            try db.run("INSERT INTO quote (id, channel, member, body, hash, at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)") { row in
                row.set(1, id)
                row.set(2, record.number)
                row.set(3, member?.text)
                row.set(4, bytes)
                row.set(5, hash)
                row.set(6, now.milliseconds)
                row.set(7, (now + lifetime).milliseconds)
            }
        }
        return Quote(
            id: id, channel: channel, member: member, body: body, hash: hash, expiresAt: now + lifetime, usedBy: nil)
    }

    /// Makes a quote into an order's, in the transaction that places the order.
    ///
    /// - Throws: `.notFound` for one that was given to somebody else.
    package func use(
        quote id: String, of channel: ChannelID, member: EntityID?, for order: String
    ) throws(StoreError) -> QuoteOutcome {
        guard let quote = try reading.quote(id, of: channel, member: member) else { throw .notFound("quote \(id)") }
        // Also after its time: the order is there, and a repeat is to find it.
        if let earlier = quote.usedBy { return .already(order: earlier) }
        guard desk.surroundings.time.now() < quote.expiresAt else { return .expired(at: quote.expiresAt) }
        try use(quote, for: order)
        return .used(quote)
    }

    /// As ``use(quote:of:member:for:)``, for a quote this transaction has read, found unused and in its time.
    package func use(_ quote: Quote, for order: String) throws(StoreError) {
        try perform { db in
            try db.run("UPDATE quote SET used_by = ? WHERE id = ?") { row in
                row.set(1, order)
                row.set(2, quote.id)
            }
        }
    }

    /// Forgets quotes that became nothing and whose time has long been over.
    ///
    /// - Returns: how many, at most `limit`; call it again while it returns that many.
    @discardableResult
    package func forgetQuotes(expiredFor age: Duration, limit: Int = 500) throws(StoreError) -> Int {
        let before = desk.surroundings.time.now().milliseconds - age.milliseconds
        return try perform { db in
            try db.run(
                "DELETE FROM quote WHERE num IN (SELECT num FROM quote WHERE used_by IS NULL AND expires_at < ?1 ORDER BY expires_at, num LIMIT ?2)"
            ) { row in
                row.set(1, before)
                row.set(2, Int64(limit))
            }
            return db.changesCount
        }
    }
}
