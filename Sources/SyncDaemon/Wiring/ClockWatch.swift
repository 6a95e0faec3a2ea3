import Commerce
import Logging
import Store
import Synchronization
import SyncEngine

/// Notices that the host's clock was set, by comparing it with the one nobody can set.
///
/// Dates decide when something is tried again, how old it is, and whether a signature is
/// fresh. After a step what waits is taken along, nothing is cleared for its age for a
/// day, and the operator is told, since signed requests are judged by the clock as it is now.
final class ClockWatch: Sendable {
    /// Less than this is a correction, not a step.
    static let stepMin: Duration = .seconds(2)
    /// Less than this is no reason to doubt a date's day.
    static let doubtMin: Duration = .seconds(3_600)
    /// How long a step is shown.
    static let shownFor: Duration = .seconds(3_600)
    static let every: Duration = .seconds(1)

    private struct State: Sendable {
        var offset: Duration
        var shownSince: UInt64?
        var doubtfulSince: UInt64?
    }

    private let store: Store
    private let logger: Logger
    private let time: any TimeSource
    private let state: Mutex<State>

    init(store: Store, logger: Logger) {
        self.store = store
        self.logger = logger
        time = store.surroundings.time
        state = Mutex(State(offset: ClockWatch.offset(store.surroundings.time)))
    }

    /// Whether dates are not to be trusted by the day: for a day after a great step.
    var isDoubtful: Bool {
        let now = time.monotonicNanoseconds()
        return state.withLock { $0.doubtfulSince.map { now - $0 < 86_400_000_000_000 } ?? false }
    }

    /// Works until cancelled; `show` is told what to show, and nil when that is long ago.
    func run(_ show: @Sendable (String?) -> Void) async {
        await lookBack(show)
        while !Task.isCancelled {
            do { try await time.sleep(for: ClockWatch.every) } catch { return }
            await look(show)
        }
    }

    /// A clock that is behind what the store has seen was set back while nobody watched.
    private func lookBack(_ show: @Sendable (String?) -> Void) async {
        do throws(StoreError) {
            let behind = try await store.write { writing throws(StoreError) in
                let behind = writing.clockBehind
                if behind >= ClockWatch.doubtMin { try writing.follow(clockStep: .zero - behind) }
                return behind
            }
            if behind >= ClockWatch.doubtMin {
                tell("the clock is \(ClockWatch.words(behind)) behind the newest write of this store", behind, show)
            }
        } catch {
            logger.error("\(error)", metadata: ["evt": "clock.not_followed"])
        }
    }

    func look(_ show: @Sendable (String?) -> Void) async {
        let offset = ClockWatch.offset(time)
        let step = state.withLock { state in
            defer { state.offset = offset }
            return offset - state.offset
        }
        let size = step < .zero ? .zero - step : step
        guard size >= ClockWatch.stepMin else { return fade(show) }
        tell("the clock was set \(step < .zero ? "back" : "ahead") by \(ClockWatch.words(size)) at \(UTC.text(time.now()))", size, show)
        do throws(StoreError) {
            try await store.write { writing throws(StoreError) in try writing.follow(clockStep: step) }
        } catch {
            // Tried again a second later, as if the step came then.
            state.withLock { $0.offset = $0.offset - step }
            logger.error("\(error)", metadata: ["evt": "clock.not_followed"])
        }
    }

    private func tell(_ words: String, _ size: Duration, _ show: @Sendable (String?) -> Void) {
        let now = time.monotonicNanoseconds()
        state.withLock { state in
            state.shownSince = now
            if size >= ClockWatch.doubtMin { state.doubtfulSince = now }
        }
        logger.warning("\(words)", metadata: ["evt": "clock.stepped"])
        show(words)
    }

    private func fade(_ show: @Sendable (String?) -> Void) {
        let now = time.monotonicNanoseconds()
        let isOver = state.withLock { state in
            guard let since = state.shownSince, now - since >= UInt64(ClockWatch.shownFor.milliseconds) * 1_000_000 else { return false }
            state.shownSince = nil
            return true
        }
        if isOver { show(nil) }
    }

    private static func offset(_ time: any TimeSource) -> Duration {
        .milliseconds(time.now().milliseconds) - .nanoseconds(Int64(time.monotonicNanoseconds()))
    }

    private static func words(_ duration: Duration) -> String {
        let seconds = (duration.milliseconds + 500) / 1_000
        return switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7_200: "\((seconds + 30) / 60) min"
        case ..<172_800: "\((seconds + 1_800) / 3_600) h"
        default: "\((seconds + 43_200) / 86_400) days"
        }
    }
}
