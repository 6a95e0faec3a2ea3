import ChannelAdapters
import Commerce

/// What a simulated tracking platform writes down: parcels, who is told of them, and what it still has to tell.
struct TrackerBooks: Sendable {
    private(set) var parcels: [String: SimulatedParcel] = [:]
    var dials = GatewayDials()
    var queue: CallbackQueue
    let random: any RandomSource
    private var lastNode: Int64 = 0
    /// Requests whose signature or key was none of its own.
    var refusedKeys = 0

    init(schedule: [Duration], random: any RandomSource) {
        queue = CallbackQueue(schedule: schedule)
        self.random = random
    }

    static func name(_ carrier: String, _ number: String) -> String { "\(carrier)/\(number)".lowercased() }

    func parcel(_ carrier: String, _ number: String) -> SimulatedParcel? { parcels[TrackerBooks.name(carrier, number)] }

    /// Parcels of a number at whichever carrier, in a settled order.
    func named(_ number: String, carrier: String?) -> [SimulatedParcel] {
        parcels.values.filter { $0.number.lowercased() == number.lowercased() }
            .filter { carrier == nil || $0.carrier.lowercased() == carrier?.lowercased() }
            .sorted { $0.carrier < $1.carrier }
    }

    mutating func keep(_ parcel: SimulatedParcel) { parcels[TrackerBooks.name(parcel.carrier, parcel.number)] = parcel }

    mutating func drop(_ parcel: SimulatedParcel) { parcels[TrackerBooks.name(parcel.carrier, parcel.number)] = nil }

    mutating func announce(_ carrier: String, _ number: String) -> SimulatedParcel {
        let parcel = parcel(carrier, number) ?? SimulatedParcel(carrier: carrier, number: number)
        keep(parcel)
        return parcel
    }

    mutating func nextNodeID() -> String {
        lastNode += 1
        return String(1_000_000 + lastNode)
    }

    /// Chances are in 1,000.
    func draws(_ chance: Int) -> Bool { chance > 0 && random.next() % 1_000 < UInt64(chance) }

    func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var shuffled = elements
        for index in stride(from: shuffled.count - 1, to: 0, by: -1) {
            shuffled.swapAt(index, Int(random.next() % UInt64(index + 1)))
        }
        return shuffled
    }

    /// Puts a push among those to be told, as often and as late as the dials say.
    mutating func tell(_ draft: PushDraft, at now: Timestamp, tamper: @escaping @Sendable (HTTPRequest) -> HTTPRequest) {
        let (altered, foreign) = (dials.callbackTampered, dials.callbackForeign)
        let random = random
        for copy in 0..<dials.callbackCopies where !draws(dials.callbackLost) {
            let delay = dials.callbackDelayMax.milliseconds
            let late = delay > 0 ? Int64(random.next() % UInt64(delay + 1)) : 0
            queue.add(due: now + .milliseconds(late), repeats: copy == 0) { now in
                let isForeign = foreign > 0 && random.next() % 1_000 < UInt64(foreign)
                let request = draft.make(now, isForeign ? .anotherMerchant : .own)
                return altered > 0 && random.next() % 1_000 < UInt64(altered) ? tamper(request) : request
            }
        }
    }

    /// What happened here, for tests and people to judge by.
    var account: JSON {
        let list = parcels.values.sorted { ($0.number, $0.carrier) < ($1.number, $1.carrier) }.map { parcel in
            JSON.object(
                JSONObject([
                    ("carrier", .string(parcel.carrier)), ("number", .string(parcel.number)),
                    ("nodes", .integer(Int64(parcel.nodes.count))), ("subscribed", .bool(parcel.subscription != nil)), ("times_subscribed", .integer(Int64(parcel.timesSubscribed))),
                    ("times_asked", .integer(Int64(parcel.timesAsked))),
                ]))
        }
        return [
            "parcels": .array(list), "callbacks_waiting": .integer(Int64(queue.count)),
            "callbacks_delivered": .integer(Int64(queue.delivered)), "callbacks_given_up": .integer(Int64(queue.givenUp)), "refused_keys": .integer(Int64(refusedKeys)),
        ]
    }
}
