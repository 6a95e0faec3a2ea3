package import Commerce

/// Works out what a unit's concurrent versions amount to.
///
/// A pure function of the versions and of the history behind them: the order they
/// arrived in, who asks, and how a hash table falls out cannot change the answer. It
/// reads nothing else and writes nothing. One version alone is live as it is and the
/// history is not asked, which is what nearly every call comes to.
///
///     let resolver = Resolver(policy: .lastWriter, authority: hub, history: past)
///     resolver.resolve(siblings).live       // the value channels are sent
package struct Resolver {
    package typealias Validation = (JSON) throws(ValidationFailure) -> JSON

    let policy: MergePolicy
    let authority: any Authority
    let history: any UnitHistory
    let validate: Validation?
    /// The mistake a simulation plants.
    let planted: PlantedFault?
    /// How many resolutions of the past this one stands on.
    let depth: Int

    /// Where nested conflicts of the past stop being followed; beyond, no base is claimed.
    static let depthMax = 32

    /// - Parameter validate: The unit's own check, asked about values no author wrote.
    package init(
        policy: MergePolicy, authority: any Authority, history: any UnitHistory, validate: Validation? = nil,
        planted: PlantedFault? = nil
    ) {
        self.init(
            policy: policy, authority: authority, history: history, validate: validate, planted: planted, depth: 0)
    }

    init(
        policy: MergePolicy, authority: any Authority, history: any UnitHistory, validate: Validation?,
        planted: PlantedFault?, depth: Int
    ) {
        self.planted = planted
        self.policy = policy
        self.authority = authority
        self.history = history
        self.validate = validate
        self.depth = depth
    }

    package func resolve(_ siblings: Siblings<JSON?>) -> Resolution { resolve(siblings.versions) }

    func resolve(_ unordered: [Version<JSON?>]) -> Resolution {
        guard let first = unordered.first else { return Resolution(live: nil) }
        if unordered.count == 1 { return Resolution(live: first.value) }
        if unordered.dropFirst().allSatisfy({ $0.value == first.value }) { return Resolution(live: first.value) }
        let versions = unordered.sorted(by: Version.precedes)
        switch policy {
        case .singleOwner: return chosen(preferred(of: versions), over: versions)
        case .hubAuthoritative: return chosen(preferred(of: versions), over: versions, question: .proposal)
        case .askPerson: return chosen(preferred(of: versions), over: versions, question: .choice)
        case .addWinsSet(let key): return checked(SetMerge(key: key, resolver: self).merge(versions), over: versions)
        case .disjointText: return text(versions)
        case .lastWriter, .highest, .lowest, .mostRestrictive: return ranked(versions)
        }
    }

    /// The view somebody had who had seen `clock`; nil also when that past is gone.
    func view(at clock: VectorClock) -> JSON? {
        guard depth < Resolver.depthMax, !clock.isEmpty, let versions = history.versions(within: clock)
        else { return nil }
        let earlier = Resolver(
            policy: policy, authority: authority, history: history, validate: validate, planted: planted, depth: depth + 1)
        return earlier.resolve(versions).live
    }

    /// The hub's latest version, or the latest of all when the hub wrote none of them.
    func preferred(of versions: [Version<JSON?>]) -> Version<JSON?> {
        versions.last { authority.isHub($0.dot.actor) } ?? versions[versions.count - 1]
    }

    func chosen(
        _ winner: Version<JSON?>, over versions: [Version<JSON?>], question: Resolution.Question? = nil
    ) -> Resolution {
        let losers = versions.filter { $0.value != winner.value }.map(\.dot)
        return Resolution(live: winner.value, overruled: losers, question: question)
    }

    /// A merge that breaks the unit's own rules gives way to what one author wrote whole.
    private func checked(_ merge: Resolution, over versions: [Version<JSON?>]) -> Resolution {
        guard let validate, let live = merge.live, !versions.contains(where: { $0.value == live }) else { return merge }
        do {
            return Resolution(live: try validate(live), overruled: merge.overruled, question: merge.question)
        } catch {
            let written = versions.filter { $0.value != nil }
            return chosen(preferred(of: written.isEmpty ? versions : written), over: versions, question: .invalidMerge)
        }
    }

    private func text(_ versions: [Version<JSON?>]) -> Resolution {
        let edits = versions.filter { $0.value != nil }
        let merge = TextMerge(resolver: self).merge(edits, contexts: versions.map(\.context))
        guard edits.count < versions.count else { return checked(merge, over: versions) }
        let overruled = versions.map(\.dot).filter { dot in
            merge.overruled.contains(dot) || !edits.contains { $0.dot == dot }
        }
        return checked(
            Resolution(live: merge.live, overruled: overruled, question: merge.question ?? .deletion), over: versions)
    }
}
