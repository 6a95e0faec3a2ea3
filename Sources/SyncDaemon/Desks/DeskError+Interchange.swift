import Mall

extension DeskError {
    /// Says of a file that could not be taken in or written what its sender can do next.
    init(_ error: InterchangeError) {
        switch error {
        case .unusable(let reason): self = .invalid(field: "format", reason: reason)
        case .unreadable(let reason): self = .invalid(field: "file", reason: reason)
        case .otherFile(let reason): self = .contradiction(reason)
        case .store(let reason): self = .failed(reason)
        case .cancelled: self = .unavailable(error.description, retryAfter: .seconds(5))
        }
    }
}
