import ChannelAdapters
import Commerce
import Store

extension StatusView {
    init(_ report: StatusReport, in language: PageLanguage) {
        let words = language.words
        self.words = words.labels
        self.language = language.tag
        verdict = words.verdicts[report.verdict] ?? report.verdict.rawValue
        verdictClass = report.verdict.rawValue
        let found = report.problems
        problems = found.map { problem in
            Problem(text: words.problem(problem), next: problem.next, gravityClass: "g\(problem.kind.gravity.rawValue)")
        }
        hasProblems = !found.isEmpty
        channels = report.channels.map { StatusView.channel($0, report.at, words) }
        hasChannels = !report.channels.isEmpty
        inbox = InboxFigures(
            waiting: report.inbox.waiting, dead: report.inbox.dead, quarantined: report.inbox.quarantined,
            oldest: words.age(report.inbox.oldestAge ?? .zero), hasOldest: report.inbox.oldestAge != nil,
            warns: report.inbox.dead + report.inbox.quarantined > 0)
        store = StoreFigures(
            writable: report.store.writable, fault: report.store.fault ?? "", entities: report.store.entities,
            feedHead: report.store.feedHead, file: StatusView.size(report.store.fileBytes),
            log: StatusView.size(report.store.logBytes))
        gateways = report.gateways.accounts.map { account in
            GatewayLine(
                id: account.report.id.text, kind: account.report.kind.rawValue, isConnected: account.report.fault == nil,
                fault: account.report.fault ?? "", lastHeard: account.lastHeard.map { words.past(report.at - $0) } ?? words.never,
                refused: account.report.refused, hasRefused: account.report.refused > 0)
        }
        hasGateways = !gateways.isEmpty
        let figures = report.gateways.figures
        money = MoneyFigures(payments: figures.paymentsInDoubt, refunds: figures.refundsUnknown, parcels: figures.parcelsStalled)
        conflicts = report.conflictsOpen
        events = report.recent.prefix(30).map { event in
            Event(
                when: words.past(report.at - event.at), stamp: UTCText.full(event.at),
                level: words.levels[event.level] ?? event.level.rawValue, levelClass: event.level.rawValue,
                place: [event.channel?.text, event.entity?.description].compactMap(\.self).joined(separator: " "),
                text: event.text)
        }
        hasEvents = !report.recent.isEmpty
        version = report.version
        generation = report.generation
        uptime = words.age(report.uptime)
        configurationRead = words.past(report.at - report.configuration.loaded)
        stamp = UTCText.full(report.at)
        clock = UTCText.clock(report.at)
        styleName = PageAssets.style.path
        scriptName = PageAssets.script.path
    }

    private static func channel(_ channel: ChannelStatus, _ now: Timestamp, _ words: PageWords) -> Channel {
        let changes = words.labels["changes"] ?? ""
        return Channel(
            id: channel.id.text, kind: "\(channel.kind) · \(channel.transport)",
            state: words.states[channel.state] ?? channel.state.rawValue, stateClass: channel.state.rawValue,
            reason: channel.reason ?? "", inStep: channel.inStep,
            lag: channel.lagChanges == 0 ? words.inStep : "\(channel.lagChanges) \(changes), \(words.age(channel.lag))",
            lastSuccess: channel.lastSuccess.map { words.past(now - $0) } ?? words.never,
            lastError: channel.lastError ?? "", inFlight: channel.inFlight, retrying: channel.retrying,
            unknown: channel.unknown, dead: channel.dead, warnsUnknown: channel.unknown > 0, warnsDead: channel.dead > 0,
            breaker: words.breakers[channel.breaker] ?? channel.breaker.rawValue, breakerClass: channel.breaker.rawValue,
            rate: channel.rateBudget.map(String.init) ?? words.unlimited, conflicts: channel.conflictsOpen)
    }

    private static func size(_ bytes: Int64) -> String {
        switch bytes {
        case ..<1_024: "\(bytes) B"
        case ..<1_048_576: "\(bytes / 1_024) KiB"
        case ..<1_073_741_824: "\(bytes / 1_048_576) MiB"
        default: "\(bytes / 1_073_741_824).\(bytes % 1_073_741_824 * 10 / 1_073_741_824) GiB"
        }
    }
}

/// An instant as text in UTC.
enum UTCText {
    /// `2026-03-01T08:15:30Z`
    static func full(_ time: Timestamp) -> String {
        let days = (time.milliseconds / 86_400_000)
        let (year, month, day) = date(days)
        return "\(year)-\(two(month))-\(two(day))T\(clock(time))Z"
    }

    /// `08:15:30`
    static func clock(_ time: Timestamp) -> String {
        let seconds = time.milliseconds / 1_000 % 86_400
        return "\(two(seconds / 3_600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }

    /// The civil date of a day since 1970; http://howardhinnant.github.io/date_algorithms.html#civil_from_days
    private static func date(_ days: Int64) -> (Int64, Int64, Int64) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let index = (5 * dayOfYear + 2) / 153
        let month = index < 10 ? index + 3 : index - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * index + 2) / 5 + 1)
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : String(number) }
}
