import Commerce
import Dispatch
import Glibc
import Logging
import SyncEngine
import TestKit
import Testing

@testable import SyncDaemon

@Suite struct LifecycleStateMachineTests {
    @Test func `a hangup during the start is served after it`() {
        var machine = LifecycleStateMachine()
        #expect(machine.received(.hangup) == .none)
        #expect(machine.started() == .announceReady)
        #expect(machine.served() == .reload)
        #expect(machine.reloaded() == .none)
    }

    @Test func `an end during a reload waits for it, a second one does not`() {
        var machine = LifecycleStateMachine()
        _ = machine.started()
        #expect(machine.received(.hangup) == .reload)
        #expect(machine.received(.terminate) == .awaitEnd)
        var impatient = machine
        #expect(impatient.received(.terminate) == .exitNow(143))
        #expect(machine.reloaded() == .drain)
    }

    @Test func `a second end leaves at once with the signal's code`() {
        var machine = LifecycleStateMachine()
        _ = machine.started()
        #expect(machine.received(.terminate) == .drain)
        #expect(machine.received(.hangup) == .none)
        #expect(machine.received(.interrupt) == .exitNow(130))
    }

    @Test func `a drain in time is success, one cut short says try later`() {
        var machine = LifecycleStateMachine()
        _ = machine.started()
        _ = machine.received(.terminate)
        var late = machine
        #expect(machine.drained(inTime: true) == .finish(0))
        #expect(late.drained(inTime: false) == .exitNow(75))
    }
}

@Suite struct DaemonLifecycleTests {
    private struct Refused: Error {}

    private func duties() -> DaemonLifecycle.Duties {
        DaemonLifecycle.Duties(
            start: {}, reload: {}, drain: {}, makesProgress: { true }, status: { "2 channels in step" },
            failure: { for await _ in AsyncStream<Never>.makeStream().stream {} })
    }

    private func lifecycle(
        _ duties: DaemonLifecycle.Duties, socket: NotifySocket, time: any TimeSource = ManualTime()
    ) -> DaemonLifecycle {
        DaemonLifecycle(
            duties: duties,
            notifier: ServiceNotifier(environment: ["NOTIFY_SOCKET": socket.path, "WATCHDOG_USEC": "2000000"]),
            time: time, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            drainTimeout: .seconds(20))
    }

    @Test func `systemd hears ready, reloading with its time, and stopping`() async throws {
        let socket = try #require(NotifySocket())
        let (signals, send) = AsyncStream.makeStream(of: LifecycleStateMachine.Signal.self)
        let lifecycle = lifecycle(duties(), socket: socket)
        async let code = lifecycle.run(signals: signals)
        #expect(await socket.wait(for: "READY=1").contains("STATUS=2 channels in step"))
        send.yield(.hangup)
        #expect(await socket.wait(for: "RELOADING=1").contains("MONOTONIC_USEC="))
        #expect(await socket.wait(for: "READY=1").contains("STATUS=configuration reloaded"))
        send.yield(.terminate)
        #expect(await socket.wait(for: "STOPPING=1").contains("EXTEND_TIMEOUT_USEC=25000000"))
        #expect(try await code == 0)
    }

    @Test(.timeLimit(.minutes(1))) func `a manager that does not listen holds nothing up, and hears of a turn once it does`() async throws {
        let socket = try #require(NotifySocket())
        let notifier = ServiceNotifier(environment: ["NOTIFY_SOCKET": socket.path])
        // More than the kernel keeps for anybody.
        for _ in 0..<2_000 { notifier.send(.watchdog) }
        notifier.send(.status("2 channels in step"))
        #expect(await socket.wait(for: "WATCHDOG=1") == "WATCHDOG=1")
        notifier.send(.stopping)
        #expect(await socket.wait(for: "STOPPING=1") == "STOPPING=1")
    }

    @Test(.timeLimit(.minutes(1))) func `a reload that hangs does not keep a daemon that is to end`() async throws {
        let socket = try #require(NotifySocket())
        let (signals, send) = AsyncStream.makeStream(of: LifecycleStateMachine.Signal.self)
        var duties = duties()
        duties.reload = { for await _ in AsyncStream<Never>.makeStream().stream {} }
        let (left, time) = (Guarded<[Int32]>([]), ManualTime())
        var lifecycle = lifecycle(duties, socket: socket, time: time)
        lifecycle.exitNow = { code in left.update { $0.append(code) } }
        async let code = lifecycle.run(signals: signals)
        _ = await socket.wait(for: "READY=1")
        send.yield(.hangup)
        _ = await socket.wait(for: "RELOADING=1")
        send.yield(.terminate)
        while left.value.isEmpty {
            time.advance(by: .seconds(1))
            await Task.yield()
        }
        #expect(try await code == 75)
        #expect(left.value == [75])
    }

    @Test(.timeLimit(.minutes(1))) func `what hangs on after the drain does not keep the process`() async throws {
        let socket = try #require(NotifySocket())
        let (signals, send) = AsyncStream.makeStream(of: LifecycleStateMachine.Signal.self)
        let (stuck, release) = AsyncStream.makeStream(of: Void.self)
        var duties = duties()
        // A task of its own does not hear that the one waiting for it was cancelled.
        duties.failure = { await Task { for await _ in stuck { break } }.value }
        let (left, time) = (Guarded<[Int32]>([]), ManualTime())
        var lifecycle = lifecycle(duties, socket: socket, time: time)
        lifecycle.exitNow = { code in
            left.update { $0.append(code) }
            release.yield()
        }
        async let code = lifecycle.run(signals: signals)
        _ = await socket.wait(for: "READY=1")
        send.yield(.terminate)
        while left.value.isEmpty {
            time.advance(by: .seconds(1))
            await Task.yield()
        }
        #expect(try await code == 0)
        #expect(left.value == [0])
    }

    @Test func `a wrong configuration keeps the daemon running and says why`() async throws {
        let socket = try #require(NotifySocket())
        let (signals, send) = AsyncStream.makeStream(of: LifecycleStateMachine.Signal.self)
        var duties = duties()
        duties.reload = { throw ConfigurationProblem(origin: nil, words: "push.batch must be 1…1000") }
        let lifecycle = lifecycle(duties, socket: socket)
        async let code = lifecycle.run(signals: signals)
        _ = await socket.wait(for: "READY=1")
        send.yield(.hangup)
        #expect(await socket.wait(for: "STATUS=the old configuration stays").contains("push.batch must be 1…1000"))
        send.yield(.terminate)
        #expect(try await code == 0)
    }

    @Test func `the watchdog is fed while progress was seen lately, and not by one who never answers`() async throws {
        let time = ManualTime()
        let (looks, looked) = AsyncStream.makeStream(of: Void.self)
        let stuck = AsyncStream.makeStream(of: Never.self)
        let works = Guarded(true)
        let probe = ProgressProbe(within: .seconds(20), time: time) {
            looked.yield()
            if works.value { return true }
            for await _ in stuck.stream {}
            return true
        }
        var answers = looks.makeAsyncIterator()
        for _ in 0..<5 {
            #expect(probe.look())
            await answers.next()
            // Its answer is noted a moment after it was asked.
            while probe.isOut { await Task.yield() }
            time.advance(by: .seconds(15))
        }
        works.update { $0 = false }
        #expect(probe.look())
        await answers.next()
        time.advance(by: .seconds(15))
        #expect(!probe.look())
        stuck.continuation.finish()
    }

    @Test func `a failed start is thrown and told to systemd`() async throws {
        let socket = try #require(NotifySocket())
        var duties = duties()
        duties.start = { throw Refused() }
        let lifecycle = lifecycle(duties, socket: socket)
        await #expect(throws: Refused.self) { try await lifecycle.run(signals: AsyncStream<LifecycleStateMachine.Signal> { _ in }) }
        #expect(await socket.wait(for: "STOPPING=1").contains("STATUS=failed"))
    }

    @Test func `a message cannot smuggle in another`() {
        #expect(ServiceNotifier.Message.status("ok\nSTOPPING=1").text == "STATUS=ok\\nSTOPPING=1")
    }
}

/// Takes what a service tells systemd, on an abstract socket.
final class NotifySocket: @unchecked Sendable {
    // Used by one test at a time; the kernel guards the descriptor.
    let path: String
    private let descriptor: Int32
    private(set) var received = ""

    init?() {
        path = "@heyi-test-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        guard var address = UnixAddress(path), descriptor >= 0 else { return nil }
        let bound = address.withPointer { bind(descriptor, $0, $1) }
        guard bound == 0 else { return nil }
    }

    deinit { close(descriptor) }

    /// The first datagram from now on that contains `words`.
    func wait(for words: String) async -> String {
        // On a thread of its own: blocking one of the pool's would keep the tested code from running.
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: self.receive(words)) }
        }
    }

    private func receive(_ words: String) -> String {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return "" }
            let text = String(decoding: buffer[..<count], as: UTF8.self)
            received += text + "\n"
            if text.contains(words) { return text }
        }
    }
}
