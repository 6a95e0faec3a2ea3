import ChannelAdapters
import Commerce
import Testing

extension EndToEnd {
    /// Bills of a whole month, in the platforms' own files, with mistakes of every class in them.
    @Suite struct GatewayMonthTests {
        @Test(.enabled(if: SteeredClock.isPossible && Platform.isFull, "needs a C compiler and HEYI_PROOF=full"))
        func `a month of bills shows each planted mistake by its class and nothing else, and what can be put right is`() async throws {
            try await GatewayStage.playing(.weChatPay, .alipay, .stripe, units: 1_000, steered: true) { stage in
                try await stage.policy(["payment_window": 86_400])
                let month = Month(stage)
                for day in 0..<Month.days { try await month.live(through: day) }
                try month.pass(to: Month.days + 2, 43_200)

                let found = try await month.compare()
                #expect(Set(found.keys).subtracting(month.planted) == [], "\(found.values.map(\.text))")
                #expect(month.planted.subtracting(found.keys) == [], "\(found.values.map(\.text))")
                #expect(found.values.allSatisfy { $0["state"] == "open" }, "\(found.values.map(\.text))")

                let left = try await month.compare(repairing: true)
                for (place, difference) in left {
                    #expect(difference["state"] == (month.repairable.contains(place) ? "repaired" : "open"), "\(difference.text)")
                    guard difference["state"] == "open", let number = difference["number"]?.integer else { continue }
                    #expect(difference["repair"]?["do"] == "person", "\(difference.text)")
                    try await stage.command("reconcile", "payments", "--explain", "\(number)", "--reason", "planted")
                }
                for number in month.lost { try await stage.until(number) { $0["money"]?["refunded"] == 9_900 } }
                #expect(try await month.unfit() == [])
                try await stage.audit()
            }
        }
    }
}

/// What is lived and planted day by day, and where each mistake must be found.
private final class Month {
    static let days = 30
    /// A difference, as its report names it.
    struct Place: Hashable {
        let platform: Platform
        let day: CalendarDay
        let kind: String
        let transaction: String
    }

    private(set) var planted: Set<Place> = []
    private(set) var repairable: Set<Place> = []
    /// Orders that were paid and never heard of it.
    private(set) var lost: [String] = []
    private let stage: GatewayStage
    private let first: CalendarDay
    private var yesterday: [Platform: String] = [:]

    init(_ stage: GatewayStage) {
        self.stage = stage
        first = CalendarDay(at: stage.now, offset: Month.offset(.weChatPay)).next
    }

    /// Stripe's days are UTC's, the others Beijing's.
    static func offset(_ platform: Platform) -> Duration { platform == .stripe ? .zero : .seconds(28_800) }

    /// To so many seconds after the beginning of a day.
    func pass(to day: Int, _ seconds: Int64) throws {
        let at = CalendarDay(number: first.number + day).start(offset: Month.offset(.weChatPay)) + .seconds(seconds)
        try stage.pass(to: at)
    }

    /// At ten in the morning somebody pays, every third day at each platform and else at one; some of it goes back the same day or
    /// the next; now and then somebody pays just before midnight, and it is told after it.
    func live(through day: Int) async throws {
        try pass(to: day, 36_000)
        for platform in day % 3 == 0 ? Platform.allCases : [Platform.allCases[day / 3 % 3]] {
            let number = try await stage.paid("m-\(day)", at: platform)
            let paid = try await stage.order(number)["payments"]?.array?.first
            let transaction = try #require(paid?["transaction"]?.string)
            let at = Timestamp(milliseconds: try #require(paid?["at"]?.integer))
            switch day % 3 {
            case 1: try await giveBack(1_000, of: number)
            case 2: try await giveBack(2_500, of: try #require(yesterday[platform]))
            default: try await plant(day / 3, platform, number, transaction, CalendarDay(at: at, offset: Month.offset(platform)))
            }
            yesterday[platform] = number
        }
        guard day % 7 == 4 else { return }
        try pass(to: day, 86_340)
        for platform in Platform.allCases {
            let number = try await stage.opened("n-\(day)", at: platform)
            try stage.dial(platform, ["callback_held": true])
            try stage.pay(number, "a1", at: platform)
        }
        try pass(to: day + 1, 3)
        for platform in Platform.allCases {
            try stage.dial(platform, ["callback_held": false])
            try stage.gateway(platform).control("release")
            try await stage.allTold(by: platform)
        }
    }

    private func giveBack(_ amount: Int64, of number: String) async throws {
        let before = try await stage.order(number)["money"]?["refunded"]?.integer ?? 0
        try await stage.command("order", "goodwill", number, "--line", "1", "--amount", "\(amount)")
        try await stage.until(number) { $0["money"]?["refunded"]?.integer == before + amount }
    }

    /// One mistake, at a payment of its own, in the words of its platform.
    private func plant(_ turn: Int, _ platform: Platform, _ number: String, _ transaction: String, _ day: CalendarDay) async throws {
        let gateway = try stage.gateway(platform)
        func sow(_ word: String, _ kind: String) throws {
            switch platform {
            case .weChatPay: try gateway.control("plant", ["what": .string(word), "transaction_id": .string(transaction), "by": 1])
            case .alipay: try gateway.control("plant", ["kind": .string(word), "number": .string("\(number)-a1")])
            case .stripe: try gateway.control("plant", ["difference": .string(word), "transaction": .string(transaction)])
            }
            planted.insert(Place(platform: platform, day: day, kind: kind, transaction: transaction))
        }
        switch turn {
        case 1: try sow("missing", "missing-there")
        case 2: try sow("amount", "amount")
        case 3: try sow(platform == .stripe ? "twice" : "duplicate", "duplicate")
        case 4 where platform != .stripe: try sow("fee", "fee")
        case 6: try await refundByHand(platform, transaction, number, day)
        case 7: try await loseWord(platform, day)
        case 8: try listStranger(platform, day)
        default: break
        }
    }

    /// Somebody gives money back in the platform's console, and nobody tells.
    private func refundByHand(_ platform: Platform, _ transaction: String, _ number: String, _ day: CalendarDay) async throws {
        try stage.dial(platform, ["callback_lost": 1_000])
        let name: (String, JSON) = platform == .weChatPay ? ("transaction_id", .string(transaction)) : ("number", .string("\(number)-a1"))
        try stage.gateway(platform).control("refund", .object(JSONObject([name, ("amount", 700)])))
        try stage.dial(platform, ["callback_lost": 0])
        planted.insert(Place(platform: platform, day: day, kind: "missing-here", transaction: transaction))
    }

    /// An order is called off, its buyer's bank pays all the same, and nobody tells.
    private func loseWord(_ platform: Platform, _ day: CalendarDay) async throws {
        let number = try await stage.opened("lost", at: platform)
        try await stage.command("order", "cancel", number, "--reason", "changed my mind")
        try stage.dial(platform, ["callback_lost": 1_000])
        try stage.pay(number, "a1", at: platform, late: true)
        try stage.dial(platform, ["callback_lost": 0])
        let books = try stage.gateway(platform).control("books")["payments"]?.array ?? []
        let transaction = try #require(books.first { $0["number"]?.string == "\(number)-a1" }?["transaction"]?.string)
        let place = Place(platform: platform, day: day, kind: "missing-here", transaction: transaction)
        planted.insert(place)
        repairable.insert(place)
        lost.append(number)
    }

    /// The bill lists money of which nobody here has ever heard.
    private func listStranger(_ platform: Platform, _ day: CalendarDay) throws {
        var transaction = "4200009999"
        let gateway = try stage.gateway(platform)
        switch platform {
        case .weChatPay:
            try gateway.control("plant", ["what": "extra", "transaction_id": .string(transaction), "by": 4_200, "date": .string(day.description)])
        case .alipay:
            try gateway.control("plant", ["kind": "extra", "date": .string(day.description)])
            transaction = "1970010122001423791000000000"
        case .stripe:
            let planted = try gateway.control("plant", ["difference": "unknown", "amount": 4_200])
            transaction = try #require(planted["transaction"]?.string)
        }
        planted.insert(Place(platform: platform, day: day, kind: "missing-here", transaction: transaction))
    }

    /// Every platform's report of every day, as the command prints them.
    private func reports(_ more: String...) async throws -> [(Platform, CalendarDay, JSON)] {
        var all: [(Platform, CalendarDay, JSON)] = []
        for number in -1...Month.days {
            let day = CalendarDay(number: first.number + number)
            let printed = try await stage.heyi.heyi(["reconcile", "payments", "--date", day.description, "--json"] + more)
            let reports = try printed.text.split(separator: "\n").map { try JSON.parse(String($0)) }
            #expect(reports.count == Platform.allCases.count, "\(printed.all)")
            for report in reports {
                #expect(report["told"]?.string == nil && report["day"]?.string == day.description, "\(report.text)")
                let platform = try #require(Platform.allCases.first { $0.name == report["gateway"]?.string }, "\(report.text)")
                all.append((platform, day, report))
            }
        }
        return all
    }

    /// Takes the bill of each day, as an operator does.
    ///
    /// - Returns: every difference that was ever found, by its place.
    func compare(repairing: Bool = false) async throws -> [Place: JSON] {
        var found: [Place: JSON] = [:]
        for (platform, day, report) in try await repairing ? reports("--repair") : reports() {
            for difference in report["differences"]?.array ?? [] {
                let place = Place(
                    platform: platform, day: day, kind: difference["class"]?.string ?? "", transaction: difference["transaction"]?.string ?? "")
                #expect(found[place] == nil, "\(difference.text)")
                found[place] = difference
            }
        }
        return found
    }

    /// Days that still differ.
    func unfit() async throws -> [String] {
        try await reports("--report").map(\.2).filter { $0["state"] != "matched" && $0["state"] != "empty" }.map(\.text)
    }
}
