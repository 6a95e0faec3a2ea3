import Commerce
import Logging
import SyncEngine
import Synchronization

/// Hears what the engine does and passes it on: a log line, a count, a line for the live page.
final class EventJournal: Sendable {
    private struct State: Sendable {
        var next: Int64 = 1
        var events: [StatusEvent] = []
    }

    /// Events kept for pages and `heyi log`; older ones are in the log proper.
    private static let keptMax = 1_000

    private let state = Mutex(State())
    private let time: any TimeSource
    private let logger: Logger
    private let metrics: Metrics
    let news: NewsSignal

    init(time: any TimeSource, logger: Logger, metrics: Metrics, news: NewsSignal) {
        self.time = time
        self.logger = logger
        self.metrics = metrics
        self.news = news
    }

    /// Events past a number, oldest first, or the newest when there is none.
    func events(past number: Int64?, limit: Int) -> [StatusEvent] {
        state.withLock { state in
            guard let number else { return Array(state.events.suffix(limit)) }
            return Array(state.events.drop { $0.number <= number }.prefix(limit))
        }
    }

    func take(_ event: EngineEvent) {
        count(event)
        let line = EventWords(event)
        let level: StatusEvent.Level = line.level
        state.withLock { state in
            state.events.append(
                StatusEvent(
                    number: state.next, at: time.now(), level: level, code: line.code, channel: line.channel,
                    entity: line.entity, text: line.text, traceID: nil))
            state.next += 1
            if state.events.count >= EventJournal.keptMax * 2 {
                state.events.removeFirst(state.events.count - EventJournal.keptMax)
            }
        }
        var fields: Logger.Metadata = ["evt": "\(line.code)"]
        if let channel = line.channel { fields["channel"] = "\(channel)" }
        if let entity = line.entity { fields["entity"] = "\(entity)" }
        switch level {
        case .info where line.isRoutine: logger.debug("\(line.text)", metadata: fields)
        case .info: logger.info("\(line.text)", metadata: fields)
        case .warning: logger.warning("\(line.text)", metadata: fields)
        case .error: logger.error("\(line.text)", metadata: fields)
        }
        news.ring()
    }

    private func count(_ event: EngineEvent) {
        switch event {
        case .pushed(let channel, let units, let through):
            metrics.push(channel: channel.text, result: "stored", count: units)
            metrics.confirmed(channel: channel.text, through: through, at: time.monotonicNanoseconds())
        case .pushFailed(let channel, let units, _, _):
            metrics.push(channel: channel.text, result: "failed", count: max(1, units))
        case .outcomeUnknown(let channel, let units, _):
            metrics.push(channel: channel.text, result: "unknown", count: units)
        case .deadLettered(let channel, _, _, _): metrics.push(channel: channel.text, result: "rejected")
        case .pullFailed(let channel, _, _): metrics.pull(channel: channel.text, result: "failed")
        case .observed(let channel, _, _, let prevailed): metrics.edit(channel: channel.text, prevailed: prevailed)
        case .conflict: metrics.conflict()
        case .inboxApplied(let channel, _): metrics.callback(channel: channel.text, result: "applied")
        case .inboxFailed(let channel, _, _, let dead):
            metrics.callback(channel: channel.text, result: dead ? "dead" : "failed")
        // A pull that went well is counted where it is made: the event comes only with news.
        case .connected, .throttled, .readBack, .pulled, .pullFault, .refused, .breaker, .halted, .observing, .drifted,
            .reconciled, .reconcileFailed, .quantitiesTold, .quantityRefused, .ordersTold, .orderRefused, .breached, .storeFailed:
            break
        }
    }
}
