import Commerce
import Store

@testable import SyncDaemon

/// One of each report, for answers and for holding the schemas to them.
enum Samples {
    static let now = Timestamp(milliseconds: 1_760_000_000_000)
    static let tea = reference("product/tea")
    static let text = unit("text.zh-CN")

    static func reference(_ text: String) -> EntityRef {
        guard let ref = EntityRef(text) else { preconditionFailure("\(text) is no entity") }
        return ref
    }

    static func unit(_ text: String) -> UnitName {
        guard let unit = UnitName(text) else { preconditionFailure("\(text) is no unit") }
        return unit
    }

    static func id(_ text: String) -> ChannelID {
        guard let id = ChannelID(text) else { preconditionFailure("\(text) is no channel") }
        return id
    }

    static func channel(_ name: String) -> ChannelStatus {
        ChannelStatus(
            id: id(name), kind: "web", transport: "delta", state: .active, reason: nil, lagChanges: 0, lag: .zero,
            lastSuccess: Timestamp(milliseconds: now.milliseconds - 2_000), lastError: nil, inFlight: 0, retrying: 0,
            unknown: 0, dead: 0, conflictsOpen: 0, breaker: .closed, rateBudget: 18)
    }

    static var why: WhyReport {
        WhyReport(
            ref: tea, aliases: ["web: 4711"],
            units: [
                WhyReport.Unit(
                    name: text, live: ["title": "龙井茶"], clock: ["hub:main:1": 2], policy: "disjoint_text",
                    decided: "merged member by member",
                    versions: [WhyReport.Version(author: "hub:main:1", count: 2, at: now, value: "x", isLive: true)],
                    history: [WhyReport.Step(sequence: 4, at: now, author: "hub:main:1", action: "set", value: "x")],
                    holdings: [
                        WhyReport.Holding(
                            channel: id("web"), state: .inStep, value: "x", lastPush: now, lastAnswer: "stored",
                            nextAttempt: nil)
                    ])
            ])
    }

    static var drift: DriftRow {
        DriftRow(
            id: 4, channel: id("web"), listing: "product/tea", unit: text, kind: .lostPush, reason: "it shows what it had",
            expected: "ab", shown: ["title": "茶"], remedy: .pushed, round: 2, healing: 4, found: now, healed: nil)
    }

    static var conflict: ConflictReport {
        ConflictReport(
            id: 7, state: .resolved, entity: tea, unit: text, policy: "ask_person", opened: now, base: nil,
            sides: [ConflictReport.Side(author: "ch:web:1", at: now, value: "x", isLive: true)],
            resolution: ConflictReport.Resolution(by: "uid:0", at: now, reason: "right", value: "x"))
    }

    static var inbox: InboxRow {
        InboxRow(
            id: 3, channel: id("web"), state: .waiting, messageID: "msg_1", received: now, bytes: 20, attempts: 1,
            lastError: "timeout", nextAttempt: now)
    }

    static var effects: InboxEffects {
        InboxEffects(
            row: inbox, fault: nil,
            effects: [InboxEffects.Effect(what: .change, subject: "product/tea:tags", before: nil, after: ["x"], reason: nil)])
    }

    static var queue: QueueRow {
        QueueRow(
            id: 1, channel: id("web"), entity: tea, unit: text, state: .dead, attempts: 9, since: now, nextAttempt: nil,
            lastError: "422 title: too long")
    }

    static var entity: EntityReport {
        EntityReport(
            ref: tea, deleted: false,
            units: [
                EntityReport.Unit(
                    name: text, value: ["title": "龙井茶"], clock: ["hub:main:1": 1], sequence: 1, tag: "u1", siblings: 0)
            ], tag: "e1")
    }
}
