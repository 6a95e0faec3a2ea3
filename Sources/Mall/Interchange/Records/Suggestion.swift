/// Finds what a person most likely meant.
enum Suggestion {
    /// The candidate with the fewest edits away, nil when none is near.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let wanted = Array(word.lowercased())
        var best: (name: String, edits: Int)?
        for candidate in candidates.prefix(1_000) where !candidate.isEmpty && candidate.count <= 100 {
            let edits = distance(wanted, Array(candidate.lowercased()))
            if edits < best?.edits ?? Int.max { best = (candidate, edits) }
        }
        guard let best, best.edits <= max(1, wanted.count / 3) else { return nil }
        return best.name
    }

    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let substituted = diagonal + (a == b ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
