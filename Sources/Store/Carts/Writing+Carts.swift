package import Commerce
import GRDB

extension Writing {
    /// A cart for a guest, found later by its id alone.
    package func openCart(at channel: ChannelID) throws(StoreError) -> Cart { try insertCart(channel, nil).cart }

    /// A member's cart at a channel, made where there is none.
    package func openCart(ofMember member: EntityID, at channel: ChannelID) throws(StoreError) -> Cart {
        try memberCart(member, channel).cart
    }

    func memberCart(_ member: EntityID, _ channel: ChannelID) throws(StoreError) -> CartSheet {
        if let sheet = try reading.cartSheet("cart.member = ?2", channel, member.text) { return sheet }
        return try insertCart(channel, member)
    }

    private func insertCart(_ channel: ChannelID, _ member: EntityID?) throws(StoreError) -> CartSheet {
        let record = try reading.requireChannel(channel)
        let id = desk.surroundings.ids.next()
        let now = desk.surroundings.time.now()
        try perform { db in
            try db.run("INSERT INTO cart (id, channel, member, changed_at) VALUES (?, ?, ?, ?)") { row in
                row.set(1, id)
                row.set(2, record.number)
                row.set(3, member?.text)
                row.set(4, now.milliseconds)
            }
        }
        guard let sheet = try reading.cartSheet("cart.id = ?2", channel, id) else { throw .failed("cart \(id) was not kept") }
        return sheet
    }

    /// Does all edits or none, line by line: what others did to other lines meanwhile stays.
    ///
    /// - Parameter base: the version the editor had seen. A line that was changed after it to something else is not
    ///   overwritten; nil overwrites whatever is there.
    /// - Throws: `.notFound` for a cart of another channel or an unknown SKU; `.invalid` for a quantity or a number
    ///   of lines out of bounds, and for a version the cart never had.
    package func edit(
        cart id: String, of channel: ChannelID, _ edits: [CartEdit], since base: Int64? = nil
    ) throws(StoreError) -> CartOutcome {
        guard let sheet = try reading.cartSheet("cart.id = ?2", channel, id) else { throw .notFound("cart \(id)") }
        if let target = sheet.mergedInto { return .merged(into: target) }
        if let base, !(1...sheet.version).contains(base) {
            throw .invalid(ValidationFailure(field: "version", reason: "the cart has had 1 to \(sheet.version), got \(base)"))
        }
        guard edits.count <= Cart.linesMax else { throw .invalid(Writing.tooManyLines(edits.count)) }
        var wanted: [Int64: Int64] = [:]
        var touched: [(number: Int64, sku: EntityRef)] = []
        var conflicts: [EntityRef] = []
        for (index, edit) in edits.enumerated() {
            do throws(ValidationFailure) { try edit.check(at: index) } catch { throw .invalid(error) }
            let number = try skuNumber(edit.sku)
            let row = sheet.rows[number]
            if wanted[number] == nil { touched.append((number, edit.sku)) }
            switch edit {
            case .add(_, let more): wanted[number] = (wanted[number] ?? row?.quantity ?? 0) + more
            case .set(_, let quantity):
                // A line that is not there may have been forgotten after it was taken out.
                let changedAt = row?.version ?? sheet.floor
                if let base, changedAt > base, row?.quantity ?? 0 != quantity { conflicts.append(edit.sku) }
                wanted[number] = quantity
            }
            if let sum = wanted[number], sum > StockQuantity.movedMax {
                throw .invalid(ValidationFailure(
                    field: "lines[\(index)].quantity", reason: "the line comes to \(sum), at most \(StockQuantity.movedMax) go into one"))
            }
        }
        if !conflicts.isEmpty { return .conflict(sheet.cart, conflicts) }
        let targets = touched.map { (number: $0.number, sku: $0.sku, quantity: wanted[$0.number] ?? 0) }
        guard let changed = try put(targets, into: sheet) else { return .unchanged(sheet.cart) }
        return .changed(changed)
    }

    /// - Returns: nil when it is so already.
    func put(_ targets: [(number: Int64, sku: EntityRef, quantity: Int64)], into sheet: CartSheet) throws(StoreError) -> Cart? {
        let changes = targets.filter { (sheet.rows[$0.number]?.quantity ?? 0) != $0.quantity }
        if changes.isEmpty { return nil }
        var sheet = sheet
        sheet.version += 1
        var place = sheet.rows.values.map(\.place).max() ?? 0
        for change in changes {
            let before = sheet.rows[change.number]
            if before == nil || before?.quantity == 0 { place += 1 }
            sheet.rows[change.number] = CartSheet.Row(
                sku: change.sku, number: change.number, quantity: change.quantity,
                place: (before?.quantity ?? 0) > 0 ? before?.place ?? place : place, version: sheet.version)
        }
        let count = sheet.lines.count
        guard count <= Cart.linesMax else { throw .invalid(Writing.tooManyLines(count)) }
        let forgets = sheet.rows.count - count > Cart.linesMax
        let now = desk.surroundings.time.now()
        let new = sheet
        try perform { db in
            for change in changes {
                guard let row = new.rows[change.number] else { continue }
                try db.run(
                    """
                    INSERT INTO cart_line (cart, sku, quantity, place, version) VALUES (?, ?, ?, ?, ?) ON CONFLICT (cart, sku)
                    DO UPDATE SET quantity = excluded.quantity, place = excluded.place, version = excluded.version
                    """
                ) { parameters in
                    let values = [new.number, row.number, row.quantity, row.place, row.version]
                    for (index, value) in values.enumerated() { parameters.set(Int32(index) + 1, value) }
                }
            }
            if forgets { try db.run("DELETE FROM cart_line WHERE cart = ? AND quantity = 0") { $0.set(1, new.number) } }
            try db.run("UPDATE cart SET version = ?2, changed_at = ?3, floor = CASE WHEN ?4 THEN ?2 ELSE floor END WHERE num = ?1") { row in
                row.set(1, new.number)
                row.set(2, new.version)
                row.set(3, now.milliseconds)
                row.set(4, forgets ? 1 : 0)
            }
        }
        return new.cart
    }

    static func tooManyLines(_ count: Int) -> ValidationFailure {
        ValidationFailure(field: "lines", reason: "would be \(count), a cart has at most \(Cart.linesMax); take some out first")
    }
}
