import Commerce

/// Merges concurrent edits of a text against what all its authors had seen.
///
/// Each member goes for itself: changed by one author, the change stands; changed by
/// several to the same, it stands; long members are then taken paragraph by
/// paragraph. Where two changed the same words the hub's stay live, or the latest
/// when the hub changed none of them, and a person is asked.
struct TextMerge {
    let resolver: Resolver

    /// Members long enough to be merged inside.
    private static let longMembers: Set<String> = ["body", "brief"]

    /// - Parameters:
    ///   - edits: Ascending in the total order, none of them a deletion.
    ///   - contexts: What each author had seen, those of deletions too.
    func merge(_ edits: [Version<JSON?>], contexts: [VectorClock]) -> Resolution {
        guard edits.count > 1, edits.contains(where: { $0.value != edits[0].value }) else {
            return Resolution(live: edits.first?.value ?? nil)
        }
        guard edits.allSatisfy({ $0.value?.object != nil }) else {
            return resolver.chosen(resolver.preferred(of: edits), over: edits, question: .overlap)
        }
        let common = contexts.dropFirst().reduce(contexts[0]) { $0.met($1) }
        let base = resolver.view(at: common)?.object ?? JSONObject()
        var live = JSONObject()
        var losers: Set<Dot> = []
        for name in memberNames(edits) {
            live[name] = member(name, of: edits, base: base[name], losers: &losers)
        }
        let overruled = edits.map(\.dot).filter(losers.contains)
        return Resolution(live: .object(live), overruled: overruled, question: losers.isEmpty ? nil : .overlap)
    }

    private func memberNames(_ edits: [Version<JSON?>]) -> [String] {
        var names = JSONObject()
        for edit in edits {
            for member in edit.value?.object ?? JSONObject() { names[member.name] = .null }
        }
        return names.names
    }

    private func member(
        _ name: String, of edits: [Version<JSON?>], base: JSON?, losers: inout Set<Dot>
    ) -> JSON? {
        let changed = edits.filter { $0.value?[name] != base }
        guard let first = changed.first else { return base }
        if changed.allSatisfy({ $0.value?[name] == first.value?[name] }) { return first.value?[name] }
        if TextMerge.longMembers.contains(name), let merged = paragraphs(changed.map { $0.value?[name] }, base: base) {
            return merged
        }
        let winner = resolver.preferred(of: changed)
        for edit in changed where edit.value?[name] != winner.value?[name] { losers.insert(edit.dot) }
        return winner.value?[name]
    }

    /// nil when the edits overlap, or when there is nothing to tell that they do not.
    private func paragraphs(_ texts: [JSON?], base: JSON?) -> JSON? {
        guard let base = base?.string else { return nil }
        var edits: [String] = []
        for text in texts {
            guard let text = text?.string else { return nil }
            edits.append(text)
        }
        return ParagraphMerge(base: base).merge(edits).map { .string($0) }
    }
}
