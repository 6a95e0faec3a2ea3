import Commerce

/// Puts the elements of a merged set in an order all sides agree on.
///
/// The greatest version's order comes first; an element it lacks follows the nearest
/// element before it in its own version that is there.
struct SetOrder {
    let key: String?

    /// - Parameters:
    ///   - versions: Ascending in the total order.
    ///   - winners: The surviving elements by identity.
    func arrange(_ versions: [Version<JSON?>], keeping winners: [JSON: JSON]) -> [JSON] {
        var order: [JSON] = []
        var placed: Set<JSON> = []
        for version in versions.reversed() {
            var previous: JSON?
            for element in version.value?.array ?? [] {
                let identity = key.flatMap { element[$0] } ?? element
                guard winners[identity] != nil else { continue }
                if placed.insert(identity).inserted {
                    let before = previous.flatMap { order.firstIndex(of: $0) }
                    order.insert(identity, at: before.map { $0 + 1 } ?? 0)
                }
                previous = identity
            }
        }
        return order.compactMap { winners[$0] }
    }
}
