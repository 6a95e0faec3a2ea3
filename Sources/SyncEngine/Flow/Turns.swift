/// Lets one at a time through, in the order they came. Belongs to one actor.
struct Turns {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Takes the turn if it is free, else leaves `continuation` to be resumed with it.
    mutating func take(_ continuation: CheckedContinuation<Void, Never>) {
        guard isTaken else {
            isTaken = true
            return continuation.resume()
        }
        waiting.append(continuation)
    }

    mutating func pass() {
        guard !waiting.isEmpty else { return isTaken = false }
        waiting.removeFirst().resume()
    }
}
