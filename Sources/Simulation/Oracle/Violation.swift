/// A law that a run broke, and what showed it.
package enum Violation: Hashable, Sendable {
    /// A write that was accepted is gone, or was replaced by somebody who had not seen it.
    case lostEdit(String)
    /// A push replaced an edit of the channel's own people.
    case overwritten(String)
    /// A write that was answered did not survive the end of its process.
    case lostWrite(String)
    /// Two writes carry the same dot.
    case repeatedDot(String)
    /// The policy's answer is not live.
    case wrongWinner(String)
    /// Something had two effects at a channel.
    case doubled(String)
    /// The hub did at a channel what it may never do.
    case breach(String)
    /// A cursor is past something that is not accounted for.
    case cursor(String)
    /// More versions stand side by side than there are writers.
    case siblings(String)
    /// What was deleted lives again, or what nobody deleted is gone.
    case deletion(String)
    /// A channel was not in step in time.
    case unsettled(String)
    /// Something well waited for something ill.
    case heldUp(String)
    /// A channel was asked without a pause.
    case busy(String)
    /// The store's own examination found a fault.
    case unsound(String)
    /// Money or goods are not where the books, or the till, say.
    case trade(String)
    /// The run itself could not go on.
    case stuck(String)
}

extension Violation: CustomStringConvertible {
    /// The law in one word, under which failures are counted and compared while a plan is shortened.
    package var law: String {
        switch self {
        case .lostEdit: "lost-edit"
        case .overwritten: "overwritten-edit"
        case .lostWrite: "lost-write"
        case .repeatedDot: "repeated-dot"
        case .wrongWinner: "wrong-winner"
        case .doubled: "doubled-effect"
        case .breach: "breach"
        case .cursor: "cursor"
        case .siblings: "siblings"
        case .deletion: "deletion"
        case .unsettled: "unsettled"
        case .heldUp: "held-up"
        case .busy: "busy"
        case .unsound: "unsound"
        case .trade: "trade"
        case .stuck: "stuck"
        }
    }

    package var description: String {
        switch self {
        case .lostEdit(let text), .overwritten(let text), .lostWrite(let text), .repeatedDot(let text),
            .wrongWinner(let text), .doubled(let text), .breach(let text), .cursor(let text), .siblings(let text),
            .deletion(let text), .unsettled(let text), .heldUp(let text), .busy(let text), .unsound(let text), .trade(let text),
            .stuck(let text):
            "\(law): \(text)"
        }
    }
}
