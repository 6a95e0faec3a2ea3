import ChannelAdapters
import Commerce
import Crypto
import Foundation

/// SF as it speaks: digests over escaped text, an answer inside the answer, and new nodes only, ten to a push.
struct SFWire: TrackerWire {
    let partnerID: String
    let checkword: String
    /// With its token at the end, as it was given to SF.
    let pushURL: String
    let isForm: Bool
    /// The sandbox comes again every ten minutes; how often is not published.
    let schedule = Array(repeating: Duration.seconds(600), count: 24)
    private static let routesMax = 10

    func answer(_ request: SimulatedRequest, _ books: inout TrackerBooks, at now: Timestamp) -> HTTPResponse {
        guard request.method == "POST", request.path == "/std/service", let form = Self.form(request.body) else {
            return Self.reply(404, "{}")
        }
        guard let partner = form["partnerID"], let id = form["requestID"], let service = form["serviceCode"],
            let timestamp = form["timestamp"], let digest = form["msgDigest"], let data = form["msgData"], !id.isEmpty
        else { return said("A1001", "必传参数不可为空") }
        // Whichever encoder the partner's language has, its digest is as good.
        let digests = FormEscaping.allCases.map { SFWire.digest($0.escape(data + timestamp + checkword)) }
        guard partner == partnerID, digests.contains(digest) else {
            books.refusedKeys += 1
            return said("A1006", "数字签名无效")
        }
        guard service == "EXP_RECE_SEARCH_ROUTES" else { return said("A1004", "无对应服务权限") }
        guard let value = Self.json(Array(data.utf8)), let numbers = value["trackingNumber"]?.array?.compactMap(\.string), !numbers.isEmpty
        else { return result(["success": false, "errorCode": "S0001", "errorMsg": "报文不合法", "msgData": .null]) }
        var responses: [JSON] = []
        for number in numbers {
            var routes: [JSON] = []
            if var parcel = books.parcel("sf", number) {
                parcel.timesAsked += 1
                books.keep(parcel)
                if parcel.phone == nil || parcel.phone == value["checkPhoneNo"]?.string {
                    routes = parcel.nodes.compactMap { SFWire.route($0, parcel, finer: true) }
                }
            }
            responses.append(["mailNo": .string(number), "routes": .array(routes)])
        }
        return result(["success": true, "errorCode": "S0000", "errorMsg": .null, "msgData": ["routeResps": .array(responses)]])
    }

    private func result(_ data: JSON) -> HTTPResponse {
        Self.reply([
            "apiErrorMsg": "", "apiResponseID": "00016EC5A9E0EF3FCA0ED56F1D9C0A3F", "apiResultCode": "A1000",
            "apiResultData": .string(data.text),
        ])
    }

    private func said(_ code: String, _ message: String) -> HTTPResponse {
        Self.reply(["apiErrorMsg": .string(message), "apiResponseID": "", "apiResultCode": .string(code), "apiResultData": .null])
    }

    func trouble(_ trouble: TrackerTrouble) -> HTTPResponse {
        switch trouble {
        case .broken: Self.reply(502, "<html>Bad Gateway</html>")
        case .throttled: said("A1005", "流量受控")
        case .inBody: said("A1099", "系统异常")
        }
    }

    func pushes(_ parcels: [SimulatedParcel], _ kind: PushKind, _ books: inout TrackerBooks) -> [PushDraft] {
        var nodes: [(SimulatedParcel.Node, SimulatedParcel)] = []
        for var parcel in parcels {
            switch kind {
            case .news: nodes += parcel.nodes.dropFirst(parcel.nodesTold).map { ($0, parcel) }
            case .shuffled: nodes += books.shuffled(parcel.nodes).map { ($0, parcel) }
            case .shrunk: nodes += parcel.nodes.suffix((parcel.nodes.count + 1) / 2).map { ($0, parcel) }
            case .gaveUp, .otherCarrier: break
            }
            parcel.nodesTold = parcel.nodes.count
            books.keep(parcel)
        }
        var drafts: [PushDraft] = []
        for start in stride(from: 0, to: nodes.count, by: SFWire.routesMax) {
            let part = nodes[start..<min(start + SFWire.routesMax, nodes.count)]
            let routes = part.compactMap { SFWire.members($0.0, $0.1, finer: false) }
            guard !routes.isEmpty else { continue }
            let draft = draft(routes)
            drafts.append(draft)
            for (_, parcel) in part {
                guard var told = books.parcel(parcel.carrier, parcel.number) else { continue }
                told.lastPush = draft
                books.keep(told)
            }
        }
        return drafts
    }

    private func draft(_ routes: [[(String, String)]]) -> PushDraft {
        let (url, isForm) = (pushURL, isForm)
        return PushDraft { _, hand in
            let target = hand == .own ? url : url + "x"
            if isForm {
                let elements = routes.map { route in
                    "<WaybillRoute " + route.map { "\($0.0)=\"\(SFWire.attribute($0.1))\"" }.joined(separator: " ") + "/>"
                }
                let xml = "<?xml version='1.0' encoding='UTF-8'?>\n<Request service=\"RoutePushService\" lang=\"zh-CN\">\n<Body>\n"
                    + elements.joined(separator: "\n") + "\n</Body>\n</Request>"
                return Self.request(target, "application/x-www-form-urlencoded;charset=UTF-8", FormEscaping.form([("content", xml)]))
            }
            let list = routes.map { JSON.object(JSONObject($0.map { ($0.0, .string($0.1)) })) }
            let body: JSON = ["Body": ["WaybillRoute": .array(list)]]
            return Self.request(target, "application/json;charset=UTF-8", body.bytes)
        }
    }

    /// Nothing is signed, so nothing shows that a body was altered; what can be wrong is the address.
    func tampered(_ request: HTTPRequest) -> HTTPRequest {
        var altered = request
        altered.url = String(request.url.dropLast()) + (request.url.hasSuffix("0") ? "1" : "0")
        return altered
    }

    private static func members(_ node: SimulatedParcel.Node, _ parcel: SimulatedParcel, finer: Bool) -> [(String, String)]? {
        guard let (operation, status) = code(node.step) else { return nil }
        var members = [
            ("mailno", parcel.number), ("acceptTime", CarrierClock.beijingText(node.at)), ("acceptAddress", node.place),
            ("remark", node.text), ("opCode", operation),
        ]
        members += finer ? [("secondaryStatusCode", status)] : [("id", node.id), ("orderid", ""), ("reasonCode", ""), ("reasonName", "")]
        return members
    }

    private static func route(_ node: SimulatedParcel.Node, _ parcel: SimulatedParcel, finer: Bool) -> JSON? {
        members(node, parcel, finer: finer).map { JSON.object(JSONObject($0.map { ($0.0, .string($0.1)) })) }
    }

    private static func attribute(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }

    private static func code(_ step: SimulatedParcel.Step) -> (operation: String, status: String)? {
        switch step {
        case .announced: nil
        case .pickedUp: ("50", "101")
        case .departed: ("30", "201")
        case .arrived: ("31", "201")
        case .outForDelivery: ("44", "301")
        case .atLocker: ("125", "")
        case .delivered: ("80", "401")
        case .exception: ("70", "1301")
        case .returning: ("648", "")
        case .returned: ("99", "")
        }
    }

    func hears(_ answer: HTTPResponse) -> Bool {
        if isForm { return String(decoding: answer.body, as: UTF8.self).contains("<Head>OK</Head>") }
        return Self.json(answer.body)?["return_code"]?.string == "0000"
    }

    private static func digest(_ escaped: String) -> String {
        Data(Insecure.MD5.hash(data: Array(escaped.utf8))).base64EncodedString()
    }
}
