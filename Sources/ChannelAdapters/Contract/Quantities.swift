package import Commerce

/// What one SKU's quantity at a channel is to become, under a name that acts once.
package struct QuantityOrder: Hashable, Sendable {
    package let sku: RemoteRef
    package let write: QuantityWrite
    package let key: OperationID

    package init(sku: RemoteRef, write: QuantityWrite, key: OperationID) {
        self.sku = sku
        self.write = write
        self.key = key
    }
}

package enum QuantityOutcome: Hashable, Sendable {
    /// Done, now or when the same key came first. `quantity` is what it holds, where it says.
    case stored(quantity: Int64?)
    /// Nothing was done: it holds another number than was named, or fewer than were to be taken away.
    case other(quantity: Int64)
    /// Nothing was done: the SKU is not listed there, or the like.
    case rejected(reason: String)
    /// Not now.
    case deferred(retryAfter: Duration?)
}

extension ChannelAdapter {
    package func put(_ orders: [QuantityOrder], generation: String) async throws(ChannelError) -> [QuantityOutcome] {
        throw .rejected(field: "quantities", reason: "this channel takes none")
    }

    package func readQuantities(of skus: [RemoteRef]) async throws(ChannelError) -> [RemoteRef: Int64] {
        throw .rejected(field: "quantities", reason: "this channel takes none")
    }
}
