import Commerce

/// What categories and brands are called, read once each.
///
/// The title in the file's own language; where there is none, that of the first other
/// language, and at last the id: what is exported must be found again.
struct TitleBook {
    private let units: any LiveUnits
    private let text: UnitName
    private var known: [EntityRef: (title: String, parent: EntityID?)] = [:]

    private static let countMax = 50_000
    private static let depthMax = 16

    init(units: any LiveUnits, text: UnitName) {
        self.units = units
        self.text = text
    }

    /// The titles from the top down to the entity; empty when it does not exist.
    mutating func path(of ref: EntityRef) async throws(InterchangeError) -> [String] {
        var path: [String] = []
        var next: EntityRef? = ref
        while let ref = next, path.count < TitleBook.depthMax {
            guard let entry = try await entry(ref) else { break }
            path.insert(entry.title, at: 0)
            next = entry.parent.map { EntityRef(ref.kind, $0) }
        }
        return path
    }

    private mutating func entry(_ ref: EntityRef) async throws(InterchangeError) -> (title: String, parent: EntityID?)? {
        if let entry = known[ref] { return entry }
        guard let held = try await units.live([ref]).first, let live = held else { return nil }
        let others = live.keys.filter { $0.family == "text" }.sorted()
        let title = ([text] + others).lazy.compactMap { live[$0]?["title"]?.string }.first ?? ref.id.text
        let entry = (title: title, parent: live[Units.place]?["parent"]?.string.flatMap { EntityID($0) })
        if known.count >= TitleBook.countMax { known.removeAll() }
        known[ref] = entry
        return entry
    }
}
