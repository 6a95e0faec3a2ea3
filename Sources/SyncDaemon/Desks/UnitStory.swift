import Commerce
import ConflictResolution
import Store

/// How one unit came to its live value, as the store can tell.
struct UnitStory {
    private static let historyMax = 20

    let view: UnitView
    let reading: Reading
    /// Newest first.
    let history: [Change]

    /// - Returns: nil for a unit that was never written.
    init?(_ unit: UnitRef, _ reading: Reading) throws(StoreError) {
        guard let view = try reading.view(unit) else { return nil }
        self.view = view
        self.reading = reading
        history = try reading.history(unit, limit: UnitStory.historyMax + 1)
    }

    func report(_ observers: [HoldingStory]) throws(StoreError) -> WhyReport.Unit {
        let live = try view.head.liveJSON()
        var versions: [WhyReport.Version] = []
        for version in view.versions.sorted(by: { $0.dot < $1.dot }) {
            let value = try version.valueJSON()
            let isLive = value == live && !versions.contains { $0.isLive }
            versions.append(
                WhyReport.Version(
                    author: name(version), count: Int64(clamping: version.dot.count), at: version.at, value: value,
                    isLive: isLive))
        }
        var steps: [WhyReport.Step] = []
        for (index, change) in history.prefix(UnitStory.historyMax).enumerated() {
            let before = history.indices.contains(index + 1) ? history[index + 1] : nil
            steps.append(
                WhyReport.Step(
                    sequence: change.sequence, at: change.at, author: change.author,
                    action: UnitStory.action(change, after: before), value: try change.valueJSON()))
        }
        var holdings: [WhyReport.Holding] = []
        for observer in observers { holdings.append(try observer.holding(of: self)) }
        return WhyReport.Unit(
            name: view.unit.unit, live: live, clock: reading.token(of: view.clock),
            policy: view.unit.policy?.word ?? "unknown", decided: decided, versions: versions, history: steps,
            holdings: holdings)
    }

    /// The actor as clocks name it, and the person or program behind a write of the hub's.
    private func name(_ change: Change) -> String {
        guard let identity = reading.identity(of: change.dot.actor) else { return change.author }
        return identity.role == .channel ? "\(identity)" : "\(identity) (\(change.author))"
    }

    /// How the live value was chosen, in a sentence or two.
    private var decided: String {
        let head = view.head
        guard view.versions.count > 1 else {
            switch head.origin {
            case .resolution: return "\(head.author) decided\(head.reason.map { ": \($0)" } ?? "")."
            case .policy: return "The hub said its own value again: a channel wrote what the hub decides."
            case .api, .import, .channel: return "Its author had seen every other write, so nothing stands against it."
            }
        }
        let outcome = view.unit.policy?.outcome ?? "No rule is known for this unit any more."
        guard let question = head.question else { return outcome }
        return "\(outcome) A person is asked: \(question.words)."
    }

    private static func action(_ change: Change, after before: Change?) -> String {
        let reason = change.reason.map { ": \($0)" } ?? ""
        switch change.origin {
        case .resolution: return "resolved by \(change.author)\(reason)"
        case .policy: return "said again\(reason)"
        case .api, .import, .channel:
            let verb = change.value == nil ? "delete" : "set"
            if change.prevailed { return verb }
            return change.live == before?.live ? "\(verb), overruled" : "\(verb), merged"
        }
    }
}

extension Resolution.Question {
    /// What a person is asked, so that it can follow a colon.
    var words: String {
        switch self {
        case .proposal: "a channel proposes another value than the hub's"
        case .overlap: "two authors changed the same words or the same member"
        case .choice: "two authors wrote at once, and only a person may choose"
        case .deletion: "one author deleted what another edited"
        case .invalidMerge: "the merged value would break the unit's own rules"
        }
    }
}
