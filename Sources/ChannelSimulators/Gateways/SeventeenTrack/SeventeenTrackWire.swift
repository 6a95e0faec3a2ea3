import ChannelAdapters
import Commerce
import Crypto

/// 17TRACK as it speaks: lists of items, each taken or not by itself, and webhooks signed over their bytes.
struct SeventeenTrackWire: TrackerWire {
    let key: String
    /// Said at its console, for all parcels.
    let callbackURL: String
    /// Not published.
    let schedule: [Duration] = [.seconds(600), .seconds(1_800), .seconds(3_600)]
    private static let itemsMax = 40

    func answer(_ request: SimulatedRequest, _ books: inout TrackerBooks, at now: Timestamp) -> HTTPResponse {
        guard request["17token"] == key else {
            books.refusedKeys += 1
            return Self.reply(401, #"{"code":-18010002,"data":{"errors":[{"code":-18010002,"message":"Invalid security key."}]}}"#)
        }
        let method = request.path.split(separator: "/").last.map(String.init) ?? ""
        guard request.method == "POST", request.path == "/track/v2.2/\(method)" else { return Self.reply(404, "{}") }
        guard let items = Self.json(request.body)?.array, items.count <= SeventeenTrackWire.itemsMax else {
            return Self.reply(["code": -18_010_012, "data": ["errors": [["code": -18_010_012, "message": "Invalid data format."]]]])
        }
        if method == "getquota" { return Self.reply(["code": 0, "data": ["quota_total": 1_000, "quota_used": 1, "quota_remain": 999]]) }
        var (accepted, rejected): ([JSON], [JSON]) = ([], [])
        for item in items {
            guard let number = item["number"]?.string, number.utf8.count >= 5 else {
                rejected.append(SeventeenTrackWire.refusal(item["number"]?.string ?? "", -18_010_013, "Submitted data is invalid."))
                continue
            }
            switch one(method, number, item, &books) {
            case .success(let answer): accepted.append(answer)
            case .failure(let refusal): rejected.append(SeventeenTrackWire.refusal(number, refusal.code, refusal.message))
            }
        }
        return Self.reply(["code": 0, "data": ["accepted": .array(accepted), "rejected": .array(rejected)]])
    }

    private struct Refusal: Error {
        let code: Int64
        let message: String
        static let registered = Refusal(code: -18_019_901, message: "The tracking number has been registered, no need to repeat it.")
        static let unknown = Refusal(code: -18_019_902, message: "The tracking number is not registered, please register first.")
        static let carrier = Refusal(code: -18_019_903, message: "The carrier could not be detected.")
        static let nothing = Refusal(code: -18_019_909, message: "No tracking information at this time.")
    }

    private func one(_ method: String, _ number: String, _ item: JSON, _ books: inout TrackerBooks) -> Result<JSON, Refusal> {
        let carrier = item["carrier"]?.integer.map { String($0) }
        switch method {
        case "register":
            guard let carrier, carrier != "0" else { return .failure(.carrier) }
            var parcel = books.announce(carrier, number)
            parcel.timesSubscribed += 1
            let isRepeated = parcel.subscription != nil
            if !isRepeated { parcel.subscription = SimulatedParcel.Subscription(url: callbackURL, salt: "") }
            books.keep(parcel)
            if isRepeated { return .failure(.registered) }
            return .success(["origin": 1, "number": .string(number), "carrier": SeventeenTrackWire.number(carrier)])
        case "gettrackinfo":
            guard var parcel = books.named(number, carrier: carrier).first, parcel.subscription != nil else { return .failure(.unknown) }
            parcel.timesAsked += 1
            books.keep(parcel)
            return parcel.nodes.isEmpty ? .failure(.nothing) : .success(SeventeenTrackWire.tracked(parcel, parcel.nodes))
        case "changecarrier":
            let (old, new) = (item["carrier_old"]?.integer ?? 0, item["carrier_new"]?.integer ?? 0)
            guard let parcel = books.parcel(String(old), number), parcel.subscription != nil else { return .failure(.unknown) }
            var moved = SimulatedParcel(carrier: String(new), number: number, phone: parcel.phone, nodes: parcel.nodes)
            moved.subscription = parcel.subscription
            books.drop(parcel)
            books.keep(moved)
            return .success(["number": .string(number), "carrier": .integer(new)])
        default: return .failure(Refusal(code: -18_010_011, message: "No such method."))
        }
    }

    private static func number(_ carrier: String) -> JSON { .integer(Int64(carrier) ?? 0) }

    private static func refusal(_ number: String, _ code: Int64, _ message: String) -> JSON {
        ["number": .string(number), "error": ["code": .integer(code), "message": .string(message)]]
    }

    func trouble(_ trouble: TrackerTrouble) -> HTTPResponse {
        switch trouble {
        case .broken: Self.reply(500, "")
        case .throttled: HTTPResponse(status: 429, headers: [("retry-after", "1")], body: Array("Too Many Requests".utf8))
        case .inBody: Self.reply(["code": -18_010_003, "data": ["errors": [["code": -18_010_003, "message": "Internal service error."]]]])
        }
    }

    func pushes(_ parcels: [SimulatedParcel], _ kind: PushKind, _ books: inout TrackerBooks) -> [PushDraft] {
        parcels.compactMap { parcel in
            guard let url = parcel.subscription?.url else { return nil }
            var (nodes, event) = (parcel.nodes, "TRACKING_UPDATED")
            switch kind {
            case .news: break
            case .shuffled: nodes = books.shuffled(nodes)
            case .shrunk: nodes = Array(nodes.suffix((nodes.count + 1) / 2))
            case .gaveUp: event = "TRACKING_STOPPED"
            case .otherCarrier: return nil
            }
            let body: JSON = ["event": .string(event), "data": SeventeenTrackWire.tracked(parcel, nodes)]
            let (bytes, key) = (body.bytes, key)
            let draft = PushDraft { _, hand in
                let sign = SeventeenTrackWire.digest(bytes + Array("/\(hand == .own ? key : key + "x")".utf8))
                return Self.request(url, "application/json", bytes, headers: [("sign", sign)])
            }
            var told = parcel
            told.lastPush = draft
            books.keep(told)
            return draft
        }
    }

    /// The newest first.
    private static func tracked(_ parcel: SimulatedParcel, _ nodes: [SimulatedParcel.Node]) -> JSON {
        let events = nodes.reversed().map { node -> JSON in
            let (status, finer) = words(node.step)
            return [
                "time_iso": .string(CarrierClock.beijingText(node.at).replacing(" ", with: "T") + "+08:00"), "time_utc": .null,
                "description": .string(node.text), "location": .string(node.place), "stage": .string(status), "sub_status": .string(finer),
            ]
        }
        let (status, finer) = parcel.nodes.last.map { words($0.step) } ?? ("NotFound", "NotFound_Other")
        let provider: JSON = ["provider": ["key": number(parcel.carrier)], "events": .array(events)]
        return [
            "number": .string(parcel.number), "carrier": number(parcel.carrier), "tag": "",
            "track_info": [
                "latest_status": ["status": .string(status), "sub_status": .string(finer)], "latest_event": events.first ?? .null,
                "tracking": ["providers": [provider]],
            ],
        ]
    }

    private static func words(_ step: SimulatedParcel.Step) -> (status: String, finer: String) {
        switch step {
        case .announced: ("InfoReceived", "InfoReceived")
        case .pickedUp: ("InTransit", "InTransit_PickedUp")
        case .departed: ("InTransit", "InTransit_Departure")
        case .arrived: ("InTransit", "InTransit_Arrival")
        case .outForDelivery: ("OutForDelivery", "OutForDelivery_Other")
        case .atLocker: ("AvailableForPickup", "AvailableForPickup_Other")
        case .delivered: ("Delivered", "Delivered_Other")
        case .exception: ("DeliveryFailure", "DeliveryFailure_NoBody")
        case .returning: ("Exception", "Exception_Returning")
        case .returned: ("Exception", "Exception_Returned")
        }
    }

    func hears(_ answer: HTTPResponse) -> Bool { answer.status == 200 }

    private static func digest(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { byte in
            let text = String(byte, radix: 16)
            return text.utf8.count == 2 ? text : "0" + text
        }.joined()
    }
}
