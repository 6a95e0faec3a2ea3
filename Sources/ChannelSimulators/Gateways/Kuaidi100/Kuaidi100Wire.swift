import ChannelAdapters
import Commerce
import Crypto

/// Kuaidi100 as it speaks: subscriptions without a signature, questions with one, snapshots with the newest first.
struct Kuaidi100Wire: TrackerWire {
    let key: String
    let customer: String
    /// Told once at first and three times more.
    let schedule = Array(repeating: Duration.seconds(1_800), count: 3)
    /// How long a number that was given up cannot be subscribed to again.
    private static let rest = Duration.seconds(1_800)
    private static let companies: Set<String> = [
        "shunfeng", "yuantong", "zhongtong", "shentong", "yunda", "jtexpress", "jd", "ems", "youzhengguonei", "debangkuaidi",
    ]

    func answer(_ request: SimulatedRequest, _ books: inout TrackerBooks, at now: Timestamp) -> HTTPResponse {
        guard request.method == "POST", let form = Self.form(request.body) else { return Self.reply(405, "{}") }
        switch request.path {
        case "/poll": return subscribe(form, &books, now)
        case "/poll/query.do": return query(form, &books)
        default: return Self.reply(404, "{}")
        }
    }

    private func subscribe(_ form: PostedFields, _ books: inout TrackerBooks, _ now: Timestamp) -> HTTPResponse {
        guard form["schema"] == "json", let param = Self.json(Array((form["param"] ?? "").utf8)),
            let company = param["company"]?.string, let number = param["number"]?.string, !number.isEmpty,
            let url = param["parameters"]?["callbackurl"]?.string, url.contains("://")
        else { return said(false, "700", "订阅方的订阅数据存在错误") }
        guard param["key"]?.string == key else {
            books.refusedKeys += 1
            return said(false, "600", "您不是合法的订阅者")
        }
        guard Kuaidi100Wire.companies.contains(company) else { return said(false, "702", "不支持此快递公司") }
        var parcel = books.announce(company, number)
        parcel.timesSubscribed += 1
        parcel.phone = param["parameters"]?["phone"]?.string ?? parcel.phone
        let isResting = parcel.endedAt.map { now - $0 < Kuaidi100Wire.rest } ?? false
        let isRepeated = parcel.subscription != nil || isResting
        if !isRepeated {
            parcel.subscription = SimulatedParcel.Subscription(url: url, salt: param["parameters"]?["salt"]?.string ?? "")
            parcel.endedAt = nil
        }
        books.keep(parcel)
        return isRepeated ? said(false, "501", "POLL:重复订阅") : said(true, "200", "提交成功")
    }

    private func query(_ form: PostedFields, _ books: inout TrackerBooks) -> HTTPResponse {
        let param = form["param"] ?? ""
        guard form["customer"] == customer, form["sign"] == Kuaidi100Wire.digest(param + key + customer) else {
            books.refusedKeys += 1
            return said(false, "503", "验证签名失败")
        }
        guard let value = Self.json(Array(param.utf8)), let company = value["com"]?.string, let number = value["num"]?.string else {
            return said(false, "400", "参数错误")
        }
        guard Kuaidi100Wire.companies.contains(company) else { return said(false, "400", "找不到对应公司") }
        guard var parcel = books.parcel(company, number) else { return said(false, "500", "查询无结果，请隔段时间再查") }
        parcel.timesAsked += 1
        books.keep(parcel)
        if company == "shunfeng", let phone = parcel.phone, value["phone"]?.string != phone {
            return said(false, "408", "快递公司参数异常：验证码错误")
        }
        guard !parcel.nodes.isEmpty else { return said(false, "500", "查询无结果，请隔段时间再查") }
        return Self.reply(Kuaidi100Wire.snapshot(parcel, parcel.nodes.reversed()))
    }

    func trouble(_ trouble: TrackerTrouble) -> HTTPResponse {
        switch trouble {
        case .broken: Self.reply(500, "<html>500</html>")
        case .throttled: said(false, "502", "服务器繁忙")
        case .inBody: said(false, "500", "服务器错误")
        }
    }

    private func said(_ result: Bool, _ code: String, _ message: String) -> HTTPResponse {
        Self.reply(["result": .bool(result), "returnCode": .string(code), "message": .string(message)])
    }

    func pushes(_ parcels: [SimulatedParcel], _ kind: PushKind, _ books: inout TrackerBooks) -> [PushDraft] {
        parcels.compactMap { parcel in
            guard let subscription = parcel.subscription else { return nil }
            let param = Kuaidi100Wire.param(parcel, kind, books).text
            let draft = PushDraft { _, hand in
                let salt = hand == .own ? subscription.salt : subscription.salt + "-other"
                let sign = Kuaidi100Wire.digest(param + salt)
                return Self.request(
                    subscription.url, "application/x-www-form-urlencoded; charset=UTF-8",
                    FormEscaping.form([("sign", sign), ("param", param)]))
            }
            var told = parcel
            told.lastPush = draft
            books.keep(told)
            return draft
        }
    }

    private static func param(_ parcel: SimulatedParcel, _ kind: PushKind, _ books: TrackerBooks) -> JSON {
        let newestFirst = Array(parcel.nodes.reversed())
        var (nodes, status, message, corrected) = (newestFirst, "polling", "", "")
        switch kind {
        case .news:
            if let last = parcel.nodes.last?.step, last == .delivered || last == .returned { status = "shutdown" }
        case .shuffled: nodes = books.shuffled(newestFirst)
        case .shrunk: nodes = Array(newestFirst.prefix((newestFirst.count + 1) / 2))
        case .gaveUp(let reason): (status, message) = ("abort", reason)
        case .otherCarrier(let other): (status, message, corrected) = ("abort", "3天查询无记录", other)
        }
        return [
            "status": .string(status), "billstatus": "got", "message": .string(message), "autoCheck": corrected.isEmpty ? "0" : "1",
            "comOld": .string(corrected.isEmpty ? "" : parcel.carrier), "comNew": .string(corrected), "lastResult": snapshot(parcel, nodes),
        ]
    }

    private static func snapshot(_ parcel: SimulatedParcel, _ nodes: [SimulatedParcel.Node]) -> JSON {
        let items = nodes.map { node in
            let (code, word) = code(node.step)
            let time = CarrierClock.beijingText(node.at)
            return JSON.object(
                JSONObject([
                    ("time", .string(time)), ("ftime", .string(time)), ("context", .string(node.text)), ("areaName", .string(node.place)),
                    ("statusCode", .string(code)), ("status", .string(word)),
                ]))
        }
        let state = parcel.nodes.last.map { Kuaidi100Wire.state($0.step) } ?? "0"
        return [
            "message": "ok", "nu": .string(parcel.number), "ischeck": state == "3" ? "1" : "0", "com": .string(parcel.carrier),
            "status": "200", "state": .string(state), "condition": "F00", "data": .array(items),
        ]
    }

    private static func state(_ step: SimulatedParcel.Step) -> String {
        switch step {
        case .announced, .departed, .arrived: "0"
        case .pickedUp: "1"
        case .outForDelivery, .atLocker: "5"
        case .delivered: "3"
        case .exception: "2"
        case .returning: "6"
        case .returned: "4"
        }
    }

    private static func code(_ step: SimulatedParcel.Step) -> (String, String) {
        switch step {
        case .announced: ("101", "已下单")
        case .pickedUp: ("103", "已揽收")
        case .departed: ("1002", "干线")
        case .arrived: ("1001", "到达派件城市")
        case .outForDelivery: ("5", "派件")
        case .atLocker: ("501", "投柜或驿站")
        case .delivered: ("301", "本人签收")
        case .exception: ("204", "派件异常")
        case .returning: ("6", "退回")
        case .returned: ("4", "退签")
        }
    }

    func hears(_ answer: HTTPResponse) -> Bool {
        let json = Self.json(answer.body)
        return answer.status == 200 && json?["result"]?.bool == true && json?["returnCode"]?.string == "200"
    }

    private static func digest(_ text: String) -> String {
        Insecure.MD5.hash(data: Array(text.utf8)).map { byte in
            let text = String(byte, radix: 16, uppercase: true)
            return text.utf8.count == 2 ? text : "0" + text
        }.joined()
    }
}
