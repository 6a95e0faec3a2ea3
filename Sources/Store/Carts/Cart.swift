package import Commerce
import GRDB

/// What somebody may want to buy at one channel; it holds nothing back and says nothing about prices.
///
/// A member has one at each channel, found by who they are; a guest's is found by its id alone.
package struct Cart: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package let sku: EntityRef
        package let quantity: Int64
    }

    /// The most lines a cart has, as many as an order.
    package static let linesMax = PricedOrder.linesMax

    package let id: String
    package let channel: ChannelID
    package let member: EntityID?
    /// Counts the edits that changed something.
    package let version: Int64
    /// In the order they were put in.
    package let lines: [Line]
    /// The member's cart this guest's went into; it is not edited any more.
    package let mergedInto: String?
}

/// A cart with the lines that were taken out of it.
struct CartSheet {
    struct Row {
        let sku: EntityRef
        let number: Int64
        var quantity: Int64
        var place: Int64
        var version: Int64
    }

    let number: Int64
    let id: String
    let channel: ChannelID
    let member: EntityID?
    var version: Int64
    let floor: Int64
    let mergedInto: String?
    /// By the SKU's number.
    var rows: [Int64: Row]

    var lines: [Row] { rows.values.filter { $0.quantity > 0 }.sorted { ($0.place, $0.number) < ($1.place, $1.number) } }

    var cart: Cart {
        Cart(
            id: id, channel: channel, member: member, version: version,
            lines: lines.map { Cart.Line(sku: $0.sku, quantity: $0.quantity) }, mergedInto: mergedInto)
    }
}

extension Reading {
    /// A cart by its id; one of another channel is not there.
    package func cart(_ id: String, of channel: ChannelID) throws(StoreError) -> Cart? {
        try cartSheet("cart.id = ?2", channel, id)?.cart
    }

    /// A member's cart at a channel; nil when they never had one.
    package func cart(ofMember member: EntityID, at channel: ChannelID) throws(StoreError) -> Cart? {
        try cartSheet("cart.member = ?2", channel, member.text)?.cart
    }

    func cartSheet(_ condition: String, _ channel: ChannelID, _ text: String) throws(StoreError) -> CartSheet? {
        let record = try requireChannel(channel)
        return try perform { db in
            let found = try db.first(
                """
                SELECT cart.num, cart.id, cart.member, cart.version, cart.floor, target.id
                FROM cart LEFT JOIN cart AS target ON target.num = cart.merged_into WHERE cart.channel = ?1 AND \(condition)
                """
            ) { parameters in
                parameters.set(1, record.number)
                parameters.set(2, text)
            } _: { row in
                CartSheet(
                    number: try row.integer(0), id: try row.text(1), channel: channel,
                    member: try row.textIfAny(2).flatMap { EntityID($0) }, version: try row.integer(3),
                    floor: try row.integer(4), mergedInto: try row.textIfAny(5), rows: [:])
            }
            guard var sheet = found else { return nil }
            let number = sheet.number
            let rows = try db.all(
                """
                SELECT entity.kind, entity.id, sku, quantity, place, version
                FROM cart_line JOIN entity ON entity.num = sku WHERE cart = ? ORDER BY sku
                """
            ) { $0.set(1, number) } _: { row in
                CartSheet.Row(
                    sku: try EntityRef(row, at: 0), number: try row.integer(2), quantity: try row.integer(3),
                    place: try row.integer(4), version: try row.integer(5))
            }
            for row in rows { sheet.rows[row.number] = row }
            return sheet
        }
    }
}
