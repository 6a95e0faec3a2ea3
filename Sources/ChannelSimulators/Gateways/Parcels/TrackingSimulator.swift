package import ChannelAdapters
package import Commerce
import Synchronization

/// A tracking platform on its real wire, with parcels that move when they are told to.
///
/// Words of its control interface, each with `{"number", "carrier"?}` in the platform's own names:
/// `announce`, `move` to the next node, `locker`, `deliver`, `return`, `exception`, `abort`, `correct` with `{"to"}`,
/// `shuffle`, `shrink`, `duplicate`; `batch` with `{"numbers"}` moves several and tells of them together; `dials`; `books`.
package final class TrackingSimulator: GatewaySimulator {
    private let wire: any TrackerWire
    private let time: any TimeSource
    private let books: Mutex<TrackerBooks>

    init(_ wire: any TrackerWire, time: any TimeSource, random: any RandomSource) {
        self.wire = wire
        self.time = time
        books = Mutex(TrackerBooks(schedule: wire.schedule, random: random))
    }

    package func respond(to request: SimulatedRequest) -> SimulatedOutcome {
        let now = time.now()
        return books.withLock { books in
            let dials = books.dials
            if dials.dark { return .refused }
            if books.draws(dials.dropBefore) { return .dropped }
            if books.draws(dials.failBefore) { return .answered(wire.trouble(.broken)) }
            if books.draws(dials.throttle) { return .answered(wire.trouble(.throttled)) }
            if books.draws(dials.failInBody) { return .answered(wire.trouble(.inBody)) }
            let answer = wire.answer(request, &books, at: now)
            if books.draws(dials.failAfter) { return .answered(wire.trouble(.broken)) }
            return books.draws(dials.dropAfter) ? .dropped : .answered(answer)
        }
    }

    package func dueCallbacks(at now: Timestamp) -> [SimulatedCallback] { books.withLock { $0.queue.take(at: now) } }

    package func callbackAnswered(_ id: Int64, by answer: HTTPResponse?, at now: Timestamp) {
        let isHeard = answer.map(wire.hears) ?? false
        books.withLock { $0.queue.answered(id, wasSuccess: isHeard, at: now) }
    }

    /// When the next push is due; nil when none waits.
    package var nextCallback: Timestamp? { books.withLock { $0.queue.nextDue } }

    package func control(_ word: String, _ body: JSON) throws(ValidationFailure) -> JSON {
        let now = time.now()
        let outcome: Result<JSON, ValidationFailure> = books.withLock { books in
            do throws(ValidationFailure) { return .success(try obey(word, body, &books, now)) } catch { return .failure(error) }
        }
        return try outcome.get()
    }

    private func obey(_ word: String, _ body: JSON, _ books: inout TrackerBooks, _ now: Timestamp) throws(ValidationFailure) -> JSON {
        switch word {
        case "books": return books.account
        case "dials": try books.dials.turn(body)
        case "announce":
            var reader = try ValueReader(body, allowed: ["number", "carrier", "phone"])
            let number = try reader.text("number", max: 64, required: true) ?? ""
            let carrier = try reader.text("carrier", max: 64, required: true) ?? ""
            var parcel = books.announce(carrier, number)
            parcel.phone = try reader.text("phone", max: 4) ?? parcel.phone
            books.keep(parcel)
        case "batch":
            var reader = try ValueReader(body, allowed: ["numbers"])
            let list = try ValueReader.elements(try reader.raw("numbers", required: true) ?? .null, path: "numbers", max: 1_000)
            reader.keep("numbers", .array(list))
            let parcels = list.flatMap { books.named($0.string ?? "", carrier: nil) }.map { advance($0, to: nil, &books, now) }
            tell(parcels, .news, &books, now)
        default: try one(word, body, &books, now)
        }
        return books.account
    }

    private func one(_ word: String, _ body: JSON, _ books: inout TrackerBooks, _ now: Timestamp) throws(ValidationFailure) {
        var reader = try ValueReader(body, allowed: ["number", "carrier", "to", "reason"])
        let number = try reader.text("number", max: 64, required: true) ?? ""
        let parcels = books.named(number, carrier: try reader.text("carrier", max: 64))
        guard let parcel = parcels.first else { throw ValidationFailure(field: "number", reason: "nobody has a parcel of this number") }
        switch word {
        case "move": tell([advance(parcel, to: nil, &books, now)], .news, &books, now)
        case "locker": tell([advance(parcel, to: .atLocker, &books, now)], .news, &books, now)
        case "deliver": tell([advance(parcel, to: .delivered, &books, now)], .news, &books, now)
        case "exception": tell([advance(parcel, to: .exception, &books, now)], .news, &books, now)
        case "return":
            let step: SimulatedParcel.Step = parcel.nodes.contains { $0.step == .returning } ? .returned : .returning
            tell([advance(parcel, to: step, &books, now)], .news, &books, now)
        case "abort":
            let reason = try reader.text("reason", max: 200) ?? "3天查询无记录"
            tell([parcel], .gaveUp(reason), &books, now)
            guard var ended = books.parcel(parcel.carrier, parcel.number) else { return }
            ended.subscription = nil
            ended.endedAt = now
            books.keep(ended)
        case "correct":
            let other = try reader.text("to", max: 64, required: true) ?? ""
            tell([parcel], .otherCarrier(other), &books, now)
            var moved = SimulatedParcel(carrier: other, number: parcel.number, phone: parcel.phone, nodes: parcel.nodes)
            moved.subscription = parcel.subscription
            books.drop(parcel)
            books.keep(moved)
        case "shuffle": tell([parcel], .shuffled, &books, now)
        case "shrink": tell([parcel], .shrunk, &books, now)
        case "duplicate":
            guard let last = parcel.lastPush else { throw ValidationFailure(field: "number", reason: "nothing was told of it yet") }
            books.tell(last, at: now, tamper: wire.tampered)
        default: throw ValidationFailure(field: "word", reason: "is none of move, deliver, return, exception, abort, correct and so on")
        }
    }

    private func advance(
        _ parcel: SimulatedParcel, to step: SimulatedParcel.Step?, _ books: inout TrackerBooks, _ now: Timestamp
    ) -> SimulatedParcel {
        var moved = parcel
        moved.add(step ?? parcel.nextStep, id: books.nextNodeID(), at: now)
        books.keep(moved)
        return moved
    }

    private func tell(_ parcels: [SimulatedParcel], _ kind: PushKind, _ books: inout TrackerBooks, _ now: Timestamp) {
        for draft in wire.pushes(parcels, kind, &books) { books.tell(draft, at: now, tamper: wire.tampered) }
    }
}
