import Foundation
import Glibc
import Synchronization

/// One program that was started, with its output in files.
///
/// A thread of its own waits for it, so no thread that tasks run on ever does. It starts with
/// every signal unblocked and at its default, whatever the thread that starts it has blocked.
final class ChildProcess: Sendable {
    let id: pid_t
    private let state = Mutex(State())

    private struct State {
        var code: Int32?
        var waiting: [CheckedContinuation<Int32, Never>] = []
    }

    struct StartFailure: Error, CustomStringConvertible { let description: String }

    /// - Parameter environment: What differs from this process's own.
    init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], output: String, errors: String
    ) throws {
        let merged = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        var spawned: pid_t = 0
        let failure = ChildProcess.spawn(
            &spawned, program, [program] + arguments, merged.map { "\($0)=\($1)" }.sorted(), output: output, errors: errors)
        guard failure == 0 else {
            throw StartFailure(description: "\(program) cannot be started: \(String(cString: strerror(failure)))")
        }
        id = spawned
        LiveChildren.add(spawned)
        Thread.detachNewThread { self.reap() }
    }

    var hasEnded: Bool { state.withLock { $0.code != nil } }

    /// Does nothing to a process that has ended, whose id may be another's by now.
    func signal(_ number: Int32) {
        state.withLock { if $0.code == nil { _ = kill(id, number) } }
    }

    /// What each of its threads does, for whoever wonders why it does not end.
    var threads: String {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/task")) ?? []
        return tasks.sorted().map { task in
            let words = ["comm", "wchan", "syscall"].map { file in
                ((try? String(contentsOfFile: "/proc/\(id)/task/\(task)/\(file)", encoding: .utf8)) ?? "?")
                    .trimmingCharacters(in: .whitespacesAndNewlines)
            }
            return "\(task) \(words.joined(separator: " "))"
        }.joined(separator: "\n")
    }

    /// The exit code, or 128 and the signal that ended it; cancelling the task kills it.
    func ended() async -> Int32 {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let code = state.withLock { state in
                    if state.code == nil { state.waiting.append(continuation) }
                    return state.code
                }
                if let code { continuation.resume(returning: code) }
            }
        } onCancel: {
            signal(SIGKILL)
        }
    }

    /// Waits without reaping first, so that the id stays ours until the lock is held.
    private func reap() {
        var about = siginfo_t()
        while waitid(P_PID, id_t(id), &about, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        let (code, waiting) = state.withLock { state in
            var status: Int32 = 0
            while waitpid(id, &status, 0) < 0, errno == EINTR {}
            let signal = status & 0x7f
            let code = signal == 0 ? (status >> 8) & 0xff : 128 + signal
            state.code = code
            defer { state.waiting = [] }
            return (code, state.waiting)
        }
        LiveChildren.remove(id)
        for continuation in waiting { continuation.resume(returning: code) }
    }

    private static func spawn(
        _ id: inout pid_t, _ program: String, _ words: [String], _ environment: [String], output: String, errors: String
    ) -> Int32 {
        var attributes = posix_spawnattr_t()
        var actions = posix_spawn_file_actions_t()
        posix_spawnattr_init(&attributes)
        posix_spawn_file_actions_init(&actions)
        defer {
            posix_spawnattr_destroy(&attributes)
            posix_spawn_file_actions_destroy(&actions)
        }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        for (descriptor, path) in [(STDOUT_FILENO, output), (STDERR_FILENO, errors)] {
            posix_spawn_file_actions_addopen(&actions, descriptor, path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
        // Connections of ours would otherwise stay open for as long as the child lives.
        for descriptor in (STDERR_FILENO + 1)..<1_024 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        var words: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { for text in words + variables { free(text) } }
        return posix_spawnp(&id, program, &actions, &attributes, &words, &variables)
    }
}

/// What is still running when the tests end by themselves, and is killed then.
private enum LiveChildren {
    private static let ids = Mutex<Set<pid_t>>([])
    private static let atEnd: Void = { atexit { LiveChildren.killAll() } }()

    static func add(_ id: pid_t) {
        _ = atEnd
        ids.withLock { _ = $0.insert(id) }
    }

    static func remove(_ id: pid_t) { ids.withLock { _ = $0.remove(id) } }

    private static func killAll() { ids.withLock { for id in $0 { kill(id, SIGKILL) } } }
}
