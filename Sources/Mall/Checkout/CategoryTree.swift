import Commerce
import Store

/// What lies above the categories a basket's goods are filed under; each is read once.
struct CategoryTree {
    /// Deeper than any shop files; a ring, which two ends may make together, ends there too.
    private static let depthMax = 32
    private var parents: [EntityID: EntityID?] = [:]

    /// The categories themselves and all above them.
    mutating func withAbove(_ filed: [EntityID], at channel: ChannelID, _ reading: Reading) throws(StoreError) -> Set<EntityID> {
        var found: Set<EntityID> = []
        for first in filed {
            var next: EntityID? = first
            for _ in 0..<CategoryTree.depthMax {
                guard let category = next, found.insert(category).inserted else { break }
                next = try parent(of: category, at: channel, reading)
            }
        }
        return found
    }

    private mutating func parent(of category: EntityID, at channel: ChannelID, _ reading: Reading) throws(StoreError) -> EntityID? {
        if let known = parents[category] { return known }
        let place = try reading.shelfView(EntityRef(.category, category), at: channel).value("place")
        let parent = place?["parent"]?.string.flatMap { EntityID($0) }
        parents.updateValue(parent, forKey: category)
        return parent
    }
}
