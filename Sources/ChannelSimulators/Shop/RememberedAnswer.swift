import Commerce

/// What an operation was answered, for when it comes again.
struct RememberedAnswer: Sendable {
    /// Tells a repetition from another request under the same id.
    let request: JSON
    /// nil when all there was to say is that it is stored.
    let answer: JSON?
}
