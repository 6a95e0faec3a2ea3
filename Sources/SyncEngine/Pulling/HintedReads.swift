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

    /// Entities to be read, and the callbacks that had named any when they were asked for.
    ///
    /// What is named while they are being read may be newer than the answer, so it is read again.
    struct Batch {
        fileprivate(set) var entities: [RemoteRef] = []
        fileprivate var items: Set<Int64> = []
    }

    /// What to read next, those named first first.
    func next(limit: Int) -> Batch {
        var batch = Batch(items: Set(waiting.map(\.item.number)))
        for (_, left) in waiting where batch.entities.count < limit {
            let more = left.subtracting(batch.entities).sorted()
            batch.entities += more.prefix(limit - batch.entities.count)
        }
        return batch
    }

    /// The callbacks that have nothing left to wait for once these are read.
    func done(with batch: Batch) -> [InboxItem] {
        waiting.filter { batch.items.contains($0.item.number) && $0.left.isSubset(of: batch.entities) }.map(\.item)
    }

    mutating func remove(_ batch: Batch) {
        for index in waiting.indices where batch.items.contains(waiting[index].item.number) {
            waiting[index].left.subtract(batch.entities)
        }
        waiting.removeAll(where: \.left.isEmpty)
    }
}
