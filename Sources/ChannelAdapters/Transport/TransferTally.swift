import Synchronization

/// Counts the bytes of all exchanges made on behalf of one task, whoever makes them.
///
/// Bound as a task's ``current`` tally, so that the way from what asks to what sends need not carry it.
package final class TransferTally: Sendable {
    @TaskLocal package static var current: TransferTally?

    private let count = Mutex<Int64>(0)

    package init() {}

    /// Bytes sent and received so far, heads and bodies.
    package var bytes: Int64 { count.withLock { $0 } }

    func add(_ request: HTTPRequest) {
        add(request.method.rawValue.utf8.count + request.url.utf8.count, request.headers, request.body?.count ?? 0)
    }

    func add(_ response: HTTPResponse) { add(0, response.headers, response.body.count) }

    private func add(_ start: Int, _ headers: [(name: String, value: String)], _ body: Int) {
        // A colon, a blank and an end of line each.
        let head = headers.reduce(start) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        count.withLock { $0 += Int64(head + body) }
    }
}
