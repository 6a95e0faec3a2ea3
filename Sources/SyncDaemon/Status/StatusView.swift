import Commerce

/// A status report in words, as the template wants it; holds text only, nothing to compute.
struct StatusView {
    struct Channel {
        let id: String
        let kind: String
        let state: String
        let stateClass: String
        let reason: String
        let inStep: Bool
        let lag: String
        let lastSuccess: String
        let lastError: String
        let inFlight: Int
        let retrying: Int
        let unknown: Int
        let dead: Int
        let warnsUnknown: Bool
        let warnsDead: Bool
        let breaker: String
        let breakerClass: String
        let rate: String
        let conflicts: Int
    }

    struct Event {
        let when: String
        let stamp: String
        let level: String
        let levelClass: String
        let place: String
        let text: String
    }

    struct Problem {
        let text: String
        let next: String
        let gravityClass: String
    }

    let words: [String: String]
    let language: String
    let verdict: String
    let verdictClass: String
    let problems: [Problem]
    let hasProblems: Bool
    let channels: [Channel]
    let hasChannels: Bool
    let inbox: InboxFigures
    let store: StoreFigures
    let gateways: [GatewayLine]
    let hasGateways: Bool
    let money: MoneyFigures
    let conflicts: Int
    let events: [Event]
    let hasEvents: Bool
    let version: String
    let generation: String
    let uptime: String
    let configurationRead: String
    let stamp: String
    let clock: String
    let styleName: String
    let scriptName: String

    struct InboxFigures {
        let waiting: Int
        let dead: Int
        let quarantined: Int
        let oldest: String
        let hasOldest: Bool
        let warns: Bool
    }

    struct GatewayLine {
        let id: String
        let kind: String
        let isConnected: Bool
        let fault: String
        let lastHeard: String
        let refused: Int
        let hasRefused: Bool
    }

    struct MoneyFigures {
        let payments: Int
        let refunds: Int
        let parcels: Int
    }

    struct StoreFigures {
        let writable: Bool
        let fault: String
        let entities: Int
        let feedHead: Int64
        let file: String
        let log: String
    }
}
