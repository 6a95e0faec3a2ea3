/// What a body came to; written before its caller goes on, and read after.
final class WriteResult<T> {
    var value: T?
    var error: StoreError?

    var result: Result<T, StoreError> {
        if let error { return .failure(error) }
        guard let value else { preconditionFailure("a write finished without running") }
        return .success(value)
    }
}

/// Calls back at zero. Counted on the writer's queue alone.
final class Countdown {
    private var left: Int
    private let done: () -> Void

    init(_ left: Int, _ done: @escaping () -> Void) {
        self.left = left
        self.done = done
    }

    func count() {
        left -= 1
        if left == 0 { done() }
    }
}
