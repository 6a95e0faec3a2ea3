import ChannelAdapters
import Store

/// Entities to be read because callbacks said they had changed, and the callbacks that wait for it.
///
/// Kept in memory only: the callbacks stay unapplied in the store until all they named was
/// read, and come round again after a crash.
struct HintedReads {
    private var waiting: [(item: InboxItem, left: Set<RemoteRef>)] = []

    var isEmpty: Bool { waiting.isEmpty }

    /// Told twice of the same callback, it starts over.
    mutating func add(_ entities: [RemoteRef], from item: InboxItem) {
        waiting.removeAll { $0.item.number == item.number }
        waiting.append((item, Set(entities)))
    }

    /// What to read next, those named first first.
    func next(limit: Int) -> [RemoteRef] {
        var entities: [RemoteRef] = []
        for (_, left) in waiting where entities.count < limit {
            let more = left.subtracting(entities).sorted()
            entities += more.prefix(limit - entities.count)
        }
        return entities
    }

    /// The callbacks that have nothing left to wait for once these are read.
    func done(with entities: [RemoteRef]) -> [InboxItem] {
        waiting.filter { $0.left.isSubset(of: entities) }.map(\.item)
    }

    mutating func remove(_ entities: [RemoteRef]) {
        for index in waiting.indices { waiting[index].left.subtract(entities) }
        waiting.removeAll(where: \.left.isEmpty)
    }
}
