package import ChannelAdapters
package import Commerce

/// An order that a shop's buyer has placed there.
package struct ShopOrder: Hashable, Sendable {
    package let number: String
    package let sku: RemoteRef
    package let quantity: Int64
    package let at: Timestamp

    /// As it is told to the hub.
    package var message: JSON {
        [
            "type": "sold",
            "data": [
                "order": .string(number), "at": .integer(at.milliseconds),
                "lines": [["sku": .string(sku.id), "quantity": .integer(quantity)]],
            ],
        ]
    }
}
