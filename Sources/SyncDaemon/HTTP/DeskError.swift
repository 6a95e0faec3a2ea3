import Commerce
import HTTPTypes

/// Why a desk behind the HTTP doors did not do what was asked.
///
/// Cut by what the caller on the other side can do next; `Problem` gives each its
/// status. In every case nothing was written.
enum DeskError: Error, Sendable {
    /// Nothing of this name, or nothing this principal may see; the two look the same.
    case notFound(String)
    /// A member of the request breaks a rule.
    case invalid(field: String, reason: String)
    /// The edit was made against something older than what is held; carries what is held now.
    case stale(current: EntityReport)
    /// The request contradicts what was asked before under the same key or id.
    case contradiction(String)
    /// The cursor or generation is not one this store can continue from: take a snapshot.
    case gone(String)
    /// Not now; the same request may be sent again.
    case unavailable(String, retryAfter: Duration)
    /// Refused for as long as the state is what it is; `next` is the command that changes it.
    case refused(String, next: String?)
    /// A fault of ours or of the machine; the text is safe to show an operator.
    case failed(String)

    /// What went wrong in one sentence, with the setting it is about.
    var words: String {
        guard case .invalid(let field, let reason) = self else { return problem.detail }
        return "\(field): \(reason)"
    }

    var problem: Problem {
        switch self {
        case .notFound(let what): return Problem(.notFound, "not_found", "\(what) does not exist.")
        case .invalid(let field, let reason): return .invalid(field, reason)
        case .stale(let current):
            var problem = Problem(
                .conflict, "stale", "The value changed since it was read; `current` is what is held now.",
                next: "GET /admin/v1/entities/\(current.ref)")
            problem.members["current"] = current.json
            problem.headers[.eTag] = "\"\(current.tag)\""
            return problem
        case .contradiction(let reason): return Problem(.conflict, "contradiction", reason)
        case .gone(let reason): return Problem(.gone, "generation", reason, next: "take a snapshot")
        case .unavailable(let reason, let wait):
            return .unavailable(reason, retryAfterSeconds: max(1, Int(wait.components.seconds)))
        case .refused(let reason, let next): return Problem(.conflict, "refused", reason, next: next)
        case .failed(let reason): return Problem(.internalServerError, "failed", reason)
        }
    }
}
