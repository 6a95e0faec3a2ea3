import Hummingbird
import Logging

/// A well-behaved server that answers nobody before `crowd` requests are waiting.
struct BusyServer: Sendable {
    let crowd: Int

    /// Runs it, gives the port to `body`, and stops it afterwards.
    func run<Result: Sendable>(_ body: @escaping @Sendable (Int) async throws -> Result) async throws -> Result {
        let gate = Gate(crowd: crowd)
        let router = Router()
        router.get("wait/:number") { _, context in
            await gate.pass()
            return context.parameters.get("number") ?? ""
        }
        let bound = Event<Int>()
        var logger = Logger(label: "busy")
        logger.logLevel = .critical
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in bound.happen(channel.localAddress?.port ?? 0) },
            logger: logger)
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                try await application.run()
                return nil
            }
            group.addTask {
                guard let port = await bound.wait() else { return nil }
                return try await body(port)
            }
            while let result = try await group.next() {
                guard let result else { continue }
                group.cancelAll()
                return result
            }
            throw CancellationError()
        }
    }
}

/// Holds everybody until enough are there.
private actor Gate {
    private let crowd: Int
    private var count = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(crowd: Int) { self.crowd = crowd }

    func pass() async {
        count += 1
        guard count < crowd else {
            for continuation in waiting { continuation.resume() }
            waiting = []
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }
}
