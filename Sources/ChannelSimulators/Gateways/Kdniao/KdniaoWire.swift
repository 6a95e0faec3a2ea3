import ChannelAdapters
import Commerce
import Crypto
import Foundation

/// Kdniao as it speaks: a form with a JSON text in it, signed both ways, many parcels in a push, the oldest event first.
struct KdniaoWire: TrackerWire {
    let ebusinessID: String
    let appKey: String
    /// Said at its console, for all parcels.
    let callbackURL: String
    /// Not published; this is what merchants observe.
    let schedule: [Duration] = [.seconds(300), .seconds(1_800), .seconds(3_600)]
    private static let shippers: Set<String> = ["SF", "ZTO", "YTO", "YD", "STO", "JTSD", "JD", "EMS", "YZPY", "DBL"]

    func answer(_ request: SimulatedRequest, _ books: inout TrackerBooks, at now: Timestamp) -> HTTPResponse {
        guard request.method == "POST", let form = Self.form(request.body) else { return Self.reply(405, "{}") }
        let data = form["RequestData"] ?? ""
        guard form["DataType"] == "2", !data.isEmpty, let type = form["RequestType"] else { return said("101", "缺少必要参数", now) }
        guard form["EBusinessID"] == ebusinessID else {
            books.refusedKeys += 1
            return said("104", "用户ID不存在", now)
        }
        guard form["DataSign"] == KdniaoWire.digest(data + appKey) else {
            books.refusedKeys += 1
            return said("102", "签名错误：非法参数[请核实ID和key是否正确]", now)
        }
        guard let value = Self.json(Array(data.utf8)), let shipper = value["ShipperCode"]?.string,
            let number = value["LogisticCode"]?.string, !number.isEmpty
        else { return said("103", "格式错误", now) }
        guard KdniaoWire.shippers.contains(shipper) else { return said("401", "无效的输入[ShipperCode]", now) }
        switch (request.path, type) {
        case ("/api/dist", "1008"):
            var parcel = books.announce(shipper, number)
            parcel.timesSubscribed += 1
            parcel.phone = value["CustomerName"]?.string ?? parcel.phone
            parcel.subscription = SimulatedParcel.Subscription(url: callbackURL, salt: "")
            books.keep(parcel)
            return Self.reply([
                "EBusinessID": .string(ebusinessID), "UpdateTime": .string(CarrierClock.beijingText(now)), "Success": true, "Reason": "",
            ])
        case ("/Ebusiness/EbusinessOrderHandle.aspx", "1002"):
            guard var parcel = books.parcel(shipper, number) else { return nothing(shipper, number) }
            parcel.timesAsked += 1
            books.keep(parcel)
            if shipper == "SF", let phone = parcel.phone, value["CustomerName"]?.string != phone { return nothing(shipper, number) }
            return parcel.nodes.isEmpty ? nothing(shipper, number) : Self.reply(snapshot(parcel, parcel.nodes, reason: nil))
        default: return said("402", "接口指令不存在", now)
        }
    }

    private func nothing(_ shipper: String, _ number: String) -> HTTPResponse {
        Self.reply(snapshot(SimulatedParcel(carrier: shipper, number: number), [], reason: nil))
    }

    func trouble(_ trouble: TrackerTrouble) -> HTTPResponse {
        switch trouble {
        case .broken: Self.reply(500, "<html>Runtime Error</html>")
        case .throttled: said("405", "请求次数超过限制", Timestamp(milliseconds: 0))
        case .inBody: said("105", "其他错误", Timestamp(milliseconds: 0))
        }
    }

    private func said(_ code: String, _ reason: String, _ now: Timestamp) -> HTTPResponse {
        Self.reply([
            "EBusinessID": .string(ebusinessID), "UpdateTime": .string(CarrierClock.beijingText(now)), "Success": false,
            "Reason": .string(reason), "ResultCode": .string(code),
        ])
    }

    func pushes(_ parcels: [SimulatedParcel], _ kind: PushKind, _ books: inout TrackerBooks) -> [PushDraft] {
        let told = parcels.filter { $0.subscription != nil }
        guard let first = told.first, let url = first.subscription?.url else { return [] }
        var list: [JSON] = []
        for parcel in told {
            switch kind {
            case .news: list.append(snapshot(parcel, parcel.nodes, reason: nil))
            case .shuffled: list.append(snapshot(parcel, books.shuffled(parcel.nodes), reason: nil))
            case .shrunk: list.append(snapshot(parcel, Array(parcel.nodes.suffix((parcel.nodes.count + 1) / 2)), reason: nil))
            case .gaveUp(let reason): list.append(snapshot(parcel, parcel.nodes, reason: reason))
            case .otherCarrier: return []
            }
        }
        let draft = draft(list, url)
        for var parcel in told {
            parcel.lastPush = draft
            books.keep(parcel)
        }
        return [draft]
    }

    /// `PushTime` is renewed with each try, and the signature with it.
    private func draft(_ list: [JSON], _ url: String) -> PushDraft {
        let (own, key) = (ebusinessID, appKey)
        return PushDraft { now, hand in
            let data: JSON = [
                "EBusinessID": .string(hand == .own ? own : own + "9"), "PushTime": .string(CarrierClock.beijingText(now)),
                "Count": .string(String(list.count)), "Data": .array(list),
            ]
            let text = data.text
            return Self.request(
                url, "application/x-www-form-urlencoded; charset=UTF-8",
                FormEscaping.form([("RequestType", "101"), ("RequestData", text), ("DataSign", KdniaoWire.digest(text + key))]))
        }
    }

    private func snapshot(_ parcel: SimulatedParcel, _ nodes: [SimulatedParcel.Node], reason: String?) -> JSON {
        let traces = nodes.map { node in
            JSON.object(
                JSONObject([
                    ("AcceptTime", .string(CarrierClock.beijingText(node.at))), ("AcceptStation", .string(node.text)),
                    ("Location", .string(node.place)), ("Action", .string(KdniaoWire.code(node.step).finer)),
                ]))
        }
        let state = parcel.nodes.last.map { KdniaoWire.code($0.step) } ?? ("0", "10")
        return [
            "EBusinessID": .string(ebusinessID), "OrderCode": "", "ShipperCode": .string(parcel.carrier),
            "LogisticCode": .string(parcel.number), "Success": .bool(reason == nil),
            "Reason": .string(reason ?? (nodes.isEmpty ? "暂无轨迹信息" : "")),
            "State": .string(state.0), "StateEx": .string(state.1), "Location": .string(parcel.nodes.last?.place ?? ""),
            "Traces": .array(traces),
        ]
    }

    private static func code(_ step: SimulatedParcel.Step) -> (coarse: String, finer: String) {
        switch step {
        case .announced: ("0", "10")
        case .pickedUp: ("1", "1")
        case .departed: ("2", "206")
        case .arrived: ("2", "204")
        case .outForDelivery: ("2", "202")
        case .atLocker: ("2", "211")
        case .delivered: ("3", "301")
        case .exception: ("4", "405")
        case .returning: ("4", "407")
        case .returned: ("4", "406")
        }
    }

    func hears(_ answer: HTTPResponse) -> Bool { answer.status == 200 && Self.json(answer.body)?["Success"]?.bool == true }

    private static func digest(_ text: String) -> String {
        let hex = Insecure.MD5.hash(data: Array(text.utf8)).map { byte in
            let text = String(byte, radix: 16)
            return text.utf8.count == 2 ? text : "0" + text
        }.joined()
        return Data(hex.utf8).base64EncodedString()
    }
}
