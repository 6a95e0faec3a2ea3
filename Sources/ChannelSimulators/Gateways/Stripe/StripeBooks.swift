import ChannelAdapters
import Commerce

/// What the simulated Stripe holds of one merchant.
struct StripeBooks: Sendable {
    static let account = "acct_simulated"
    static let key = "sk_test_simulated0000000000"
    /// By which events are told again, up to three days.
    static let schedule: [Duration] = [60, 300, 1_800, 7_200, 18_000, 36_000, 36_000, 43_200, 43_200, 43_200].map { .seconds($0) }
    static let keyLife = Duration.seconds(86_400)

    let callbackURL: String
    /// All of them sign, the newest first.
    var secrets = ["whsec_simulated1"]
    var secretsMade = 1
    var dials = GatewayDials()
    let random: any RandomSource
    var now = Timestamp(milliseconds: 0)
    var callbacks = CallbackQueue(schedule: StripeBooks.schedule)

    var intents: [StripeIntent] = []
    var sessions: [StripeSession] = []
    var charges: [StripeCharge] = []
    var refunds: [StripeRefund] = []
    var disputes: [StripeDispute] = []
    var entries: [StripeEntry] = []
    var events: [JSON] = []
    /// How often each thing that moves money or ends a payment was really done, by our number where there is one.
    var effects: [String: Int64] = [:]
    var keys: [String: StripeKept] = [:]
    /// Keys whose first request is still at work.
    var keysAtWork: Set<String> = []
    /// Paths the key may not use.
    var forbidden: Set<String> = []
    private var lastID: Int64 = 0

    init(random: any RandomSource, callbackURL: String) {
        self.callbackURL = callbackURL
        self.random = random
    }

    var seconds: Int64 { now.milliseconds / 1_000 }

    mutating func id(_ prefix: String) -> String {
        lastID += 1
        let digits = String(lastID)
        return "\(prefix)_sim\(String(repeating: "0", count: max(0, 8 - digits.count)))\(digits)"
    }

    /// True so many times in 1,000; draws nothing when the chance is none, so that a dial left alone changes nothing.
    func falls(_ perThousand: Int) -> Bool { perThousand > 0 && random.next() % 1_000 < UInt64(perThousand) }

    mutating func count(_ effect: String, _ name: String) { effects["\(effect) \(name)", default: 0] += 1 }

    /// What happens by itself as time goes on.
    mutating func turn(to time: Timestamp) {
        now = max(now, time)
        keys = keys.filter { now - $0.value.at < StripeBooks.keyLife }
        for index in refunds.indices {
            guard let due = refunds[index].due, due <= now, refunds[index].status == "pending" else { continue }
            settle(index)
        }
        for index in sessions.indices where sessions[index].status == "open" && sessions[index].expires <= seconds {
            sessions[index].status = "expired"
            tell("checkout.session.expired", render(sessions[index]))
        }
    }
}

/// The first answer under a key.
struct StripeKept: Sendable {
    let fingerprint: String
    var answer: StripeAnswer
    let request: String
    let at: Timestamp
}

struct StripeAnswer: Sendable {
    var status: Int
    var body: JSON
    /// Whether execution began: only then is the answer kept under the key.
    var isKept = true

    static func done(_ body: JSON) -> StripeAnswer { StripeAnswer(status: 200, body: body) }

    /// Refused before anything was looked at, so that the key stays free.
    static func invalid(_ message: String, param: String? = nil, code: String? = nil, status: Int = 400) -> StripeAnswer {
        StripeAnswer(status: status, body: problem("invalid_request_error", message, param: param, code: code), isKept: false)
    }

    static func failed(_ status: Int, _ type: String, _ message: String, code: String? = nil) -> StripeAnswer {
        StripeAnswer(status: status, body: problem(type, message, param: nil, code: code))
    }

    static func problem(_ type: String, _ message: String, param: String?, code: String?) -> JSON {
        var error: [(String, JSON)] = [("type", .string(type)), ("message", .string(message))]
        if let param { error.append(("param", .string(param))) }
        if let code { error.append(("code", .string(code))) }
        return ["error": .object(JSONObject(error))]
    }
}
