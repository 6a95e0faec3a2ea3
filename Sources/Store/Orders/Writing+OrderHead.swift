import Commerce
import GRDB

extension Writing {
    func insertHead(_ book: OrderBook) throws(StoreError) -> Int64 {
        let channel = try channelNumber(book)
        let now = desk.surroundings.time.now()
        return try perform { db in
            try db.run(
                """
                INSERT INTO order_head (number, owner, channel, external, member, phone_tail, phase, currency, total, placed_at,
                    cases, problems, changed_at, version)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
                """
            ) { row in book.bind(row, channel, now) }
            return db.lastInsertedRowID
        }
    }

    /// Brings what people search by in line with the facts, and puts the order at the end of the feed.
    func saveHead(_ book: OrderBook) throws(StoreError) {
        guard let number = book.row else { return }
        // A new order with nothing but its first fact was written whole when its row was made.
        guard book.rowVersion != book.version else {
            return try perform { db in try db.move(.order, number, to: desk.nextSequence()) }
        }
        let channel = try channelNumber(book)
        let now = desk.surroundings.time.now()
        try perform { db in
            try db.run(
                """
                UPDATE order_head SET owner = ?2, channel = ?3, external = ?4, member = ?5, phone_tail = ?6, phase = ?7,
                    currency = ?8, total = ?9, placed_at = ?10, cases = ?11, problems = ?12, changed_at = ?13, version = ?14
                WHERE number = ?1
                """
            ) { row in book.bind(row, channel, now) }
            try db.move(.order, number, to: desk.nextSequence())
        }
    }

    private func channelNumber(_ book: OrderBook) throws(StoreError) -> Int64? {
        guard let placed = book.state.placed else { return nil }
        return try reading.requireChannel(placed.channel).number
    }
}

extension OrderBook {
    fileprivate func bind(_ row: Bindings, _ channel: Int64?, _ now: Timestamp) {
        let placed = state.placed
        row.set(1, number)
        row.set(2, owner)
        row.set(3, channel)
        row.set(4, placed?.externalNumber)
        row.set(5, placed?.member?.text)
        row.set(6, placed?.buyer.phoneTail)
        row.set(7, state.phase.rawValue)
        row.set(8, placed?.currency.code)
        row.set(9, state.money?.total)
        row.set(10, state.placedAt?.milliseconds)
        row.set(11, Int64(state.afterSales.count(where: \.isOpen)))
        row.set(12, Int64(state.problems.count))
        row.set(13, now.milliseconds)
        row.set(14, version)
    }
}
