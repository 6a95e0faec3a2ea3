import ChannelAdapters
import Commerce
import Store

/// One place where a channel shows something other than it should, and what is to be done.
struct DriftFinding: Sendable {
    enum Plan: Sendable {
        /// The units' newest changes are pushed again.
        case push([Change])
        /// The channel agrees with an older change; the newest is pushed.
        case agree(sequence: Int64, Observation, then: Change)
        /// The value is the channel's, under a clock that claims the hub's: the hub says its own once more.
        case sayAgain(Observation, JSON?)
        /// It is taken up like whatever else a channel reports.
        case observe([Observation])
        /// The listing is gone: a person is asked, unless too many are.
        case vanish(Observation)
        /// The listing is gone and a person, who is named, has said that it was taken down on purpose.
        case delete(by: String)
    }

    let listing: String
    let unit: UnitName?
    let kind: DriftClass
    var reason: String
    let expected: [UInt8]?
    let shown: JSON?
    var plan: Plan

    var isVanishing: Bool {
        if case .vanish = plan { true } else { false }
    }
}

/// What looking at one listing came to.
struct DriftVerdict: Sendable {
    var findings: [DriftFinding] = []
    /// In step, but spelled otherwise than was known: taken up without a word.
    var spellings: [Observation] = []
    var isInStep: Bool { findings.isEmpty && spellings.isEmpty }
}
