import Commerce

/// A callback to try a channel's door with.
enum SampleCallback: String, CaseIterable, Sendable {
    case deltas, changed

    /// - Parameter entity: `kind/id`; none of the sample's own, so that trying it does no harm.
    func body(_ entity: EntityRef, number: Int) -> JSON {
        let named: JSON = ["kind": .string(entity.kind.rawValue), "id": .string(entity.id.text)]
        switch self {
        case .deltas:
            let delta: JSON = ["entity": named, "unit": "tags", "op": "set", "value": [.string("sample-\(number)")]]
            return ["type": "deltas", "data": ["deltas": [delta]]]
        case .changed: return ["type": "changed", "data": ["entities": [named]]]
        }
    }
}
