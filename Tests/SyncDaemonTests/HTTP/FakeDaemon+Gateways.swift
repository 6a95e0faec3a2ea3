import ChannelAdapters
import Commerce
import Store

@testable import SyncDaemon

extension FakeDaemon: GatewayDesk {
    func receive(_ name: String, _ callback: GatewayCallback) async -> CallbackAnswer? {
        guard name == "pay" else { return nil }
        guard callback["x-proof"] == "genuine" else { return .json(["code": "FAIL"], status: 401) }
        change { $0.done.append("callback \(callback.method) \(callback.tail) \(callback.body.count)") }
        return callback.method == "GET" ? .text(callback.query.first { $0.name == "echostr" }?.value ?? "") : .text("success")
    }

    func gateways() async throws(DeskError) -> [GatewayReport] {
        [
            GatewayReport(
                id: ChannelID("pay")!, kind: .weChatPay, parts: ["payments"], fault: nil, callbackURL: "https://shop.example/v1/gateways/pay",
                admitted: 3, refused: 1, lastAdmitted: time.now(), lastRefused: nil, lastRefusal: nil)
        ]
    }

    func check(_ name: String) async throws(DeskError) -> GatewayHealth {
        guard name == "pay" else { throw .notFound("gateway \(name)") }
        return GatewayHealth(.fine, "it answers")
    }

    func sample(_ name: String, _ word: String) async throws(DeskError) -> GatewayCallback {
        guard name == "pay" else { throw .notFound("gateway \(name)") }
        guard word == "paid" else { throw .invalid(field: "word", reason: "is none of paid") }
        return GatewayCallback(headers: [("x-proof", "genuine")], body: Array("{}".utf8))
    }
}

extension FakeDaemon: BillDesk {
    private func report(_ gateway: String, _ day: CalendarDay) -> JSON {
        ["gateway": .string(gateway), "day": .string("\(day)"), "state": "matched", "differences": []]
    }

    func billAccounts() async throws(DeskError) -> [String] { ["pay"] }
    func bill(_ gateway: String, _ day: CalendarDay) async throws(DeskError) -> JSON { report(gateway, day) }
    func lookAtBill(_ gateway: String, _ day: CalendarDay) async throws(DeskError) -> JSON { report(gateway, day) }

    func repairBill(_ gateway: String, _ day: CalendarDay, by principal: Principal) async throws(DeskError) -> JSON {
        note("repair \(gateway) \(day)", principal)
        return report(gateway, day)
    }

    func explainDifference(_ number: Int64, reason: String, by principal: Principal) async throws(DeskError) -> JSON {
        note("explain \(number): \(reason)", principal)
        return ["number": .integer(number), "day": "2026-11-30", "class": "amount", "state": "explained"]
    }

    func parcelNotices(open: Bool, _ page: PageRequest) async throws(DeskError) -> Page<ParcelNotice> { Page([]) }
    func settleParcelNotice(_ number: Int64, by principal: Principal) async throws(DeskError) { note("settle \(number)", principal) }
}
