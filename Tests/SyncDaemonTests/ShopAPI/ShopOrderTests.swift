import Commerce
import HTTPTypes
import Store
import TestKit
import Testing

@testable import SyncDaemon

struct ShopOrderTests {
    /// An order of two plum cups and a jade one, as a checkout would place it.
    private func place(
        _ number: String, _ world: ShopWorld, member: String? = "m", channel: String = "web"
    ) async throws {
        let order = PlacedOrder(
            number: number, channel: Samples.id(channel), member: member.flatMap { EntityID($0) },
            buyer: Buyer(name: "李雷", phone: "13800001234", region: Region(["CN", "31"]), address: "1 Road"),
            currency: try #require(Currency("CNY")),
            lines: [
                OrderLine(number: 1, title: "Cup", priced: PricedLine(sku: Samples.reference("sku/cup-plum").id, quantity: 2, unit: 9_900)),
                OrderLine(number: 2, title: "Cup", priced: PricedLine(sku: Samples.reference("sku/cup-jade").id, quantity: 1, unit: 10_900)),
            ], paymentDue: world.http.time.now() + .seconds(1_800))
        try await world.store.write { writing throws(StoreError) in _ = try writing.place(order, by: "test") }
    }

    private func open() async throws -> ShopWorld {
        let world = try await ShopWorld()
        for sku in ["cup-plum", "cup-jade"] { try await world.receive(sku, 50) }
        return world
    }

    private func pay(_ number: String, _ world: ShopWorld) async throws {
        let payment = Payment(
            ref: PaymentRef(gateway: "trial", transaction: "t-\(number)"),
            amount: Money(amount: 30_700, currency: try #require(Currency("CNY"))))
        try await world.store.write { writing throws(StoreError) in _ = try writing.tell(.paid(payment), of: number, by: "trial", judged: false) }
    }

    private func ship(_ number: String, _ world: ShopWorld) async throws {
        let parcel = try Parcel(
            id: #require(EntityID("p1")), carrier: "SF", tracking: "SF1", warehouse: .main,
            lines: [LinePieces(line: 1, pieces: 2), LinePieces(line: 2, pieces: 1)])
        try await world.store.write { writing throws(StoreError) in _ = try writing.tell(.shipped(parcel), of: number, by: "t") }
    }

    @Test func `a member pays, receives and sees all that happened`() async throws {
        let world = try await open()
        try await place("20261123-a", world)
        try await world.visit { shop in
            let path = "/orders/20261123-a"
            let first = try await shop.get(path, member: "m")
            let tag = try #require(first.headers[.eTag])
            #expect(try first.json["state"] == "awaiting-payment" && first.json["money"]?["missing"] == 30_700)
            try HTTPDescriptionTests.compare(first.json, named: "ShopOrder", without: ["pick_up_code"])
            #expect(try await shop.get(path, member: "m", ["if-none-match": tag]).status == .notModified)

            let opened = try await shop.post("\(path)/pay", ["gateway": "trial"], member: "m", key: "1")
            #expect(try opened.status == .ok && opened.json["attempt"] == "a1" && opened.json["amount"]?["amount"] == 30_700)
            let again = try await shop.post("\(path)/pay", ["gateway": "trial"], member: "m", key: "1")
            #expect(again.text == opened.text)
            let more = try await shop.post("\(path)/pay", ["gateway": "trial"], member: "m", key: "2")
            #expect(try more.json["attempt"] == "a1")
            let nowhere = try await shop.post("\(path)/pay", ["gateway": "moon"], member: "m", key: "3")
            #expect(try nowhere.status == .unprocessableContent && nowhere.json["field"] == "gateway")

            try await pay("20261123-a", world)
            #expect(try await shop.get(path, member: "m", ["if-none-match": tag]).json["state"] == "paid")
            let early = try await shop.post("\(path)/received", member: "m", key: "4")
            #expect(try early.status == .conflict && early.json["code"] == "wrong_state" && early.json["state"] == "paid")
            try await ship("20261123-a", world)
            // The refusal stands under its key; a new one is done.
            #expect(try await shop.post("\(path)/received", member: "m", key: "4").text == early.text)
            let received = try await shop.post("\(path)/received", member: "m", key: "5")
            #expect(try received.json["state"] == "received")
            let remarked = try await shop.post("\(path)/remarks", ["text": "谢谢"], member: "m", key: "6")
            #expect(try remarked.json["remarks"] == ["谢谢"])
            #expect(try await shop.post("\(path)/remarks", ["text": "谢谢"], member: "m", key: "6").text == remarked.text)
            #expect(try remarked.json["timeline"]?.array?.contains { $0["what"] == "shipped" } == true)
            // What the shop's people are called is not for buyers.
            #expect(!remarked.text.contains("\"by\""))
        }
    }

    @Test func `a list shows the member's own, newest first, page by page`() async throws {
        let world = try await open()
        for number in 1...5 { try await place("20261123-\(number)", world) }
        try await place("20261123-o", world, member: "m2")
        try await place("20261123-g", world, member: nil)
        try await place("20261123-x", world, channel: "app")
        try await pay("20261123-2", world)
        try await world.visit { shop in
            let first = try await shop.get("/orders?limit=3", member: "m").json
            #expect(first["data"]?.array?.map { $0["number"] } == ["20261123-5", "20261123-4", "20261123-3"])
            try HTTPDescriptionTests.compare(first, named: "ShopOrderList")
            let rest = try await shop.get("/orders?limit=3&after=\(first["next"]?.string ?? "")", member: "m").json
            #expect(rest["data"]?.array?.map { $0["number"] } == ["20261123-2", "20261123-1"] && rest["next"]?.isNull == true)
            let paid = try await shop.get("/orders?state=paid", member: "m").json
            #expect(paid["data"]?.array?.map { $0["number"] } == ["20261123-2"])
            for (path, field) in [("/orders?state=lost", "state"), ("/orders?after=x", "after")] {
                let answer = try await shop.get(path, member: "m")
                #expect(try answer.status == .unprocessableContent && answer.json["field"]?.string == field)
            }
            #expect(try await shop.get("/orders").json["field"] == "Heyi-Member")
        }
    }

    @Test func `somebody else's order does not exist, whatever is asked of it`() async throws {
        let world = try await open()
        try await place("20261123-a", world)
        try await place("20261123-g", world, member: nil)
        try await world.visit { shop in
            let guests = try await shop.get("/orders/20261123-g")
            #expect(guests.status == .ok)
            for (number, member, channel) in [
                ("20261123-a", "m2", "web"), ("20261123-a", nil, "web"), ("20261123-a", "m", "app"), ("20261123-g", "m", "web"),
                ("20261123-g", nil, "app"), ("none", "m", "web"), ("%20", "m", "web"),
            ] as [(String, String?, String)] {
                let read = try await shop.get("/orders/\(number)", member: member, channel: channel)
                #expect(read.status == .notFound, "\(number)")
                for (tail, body) in [
                    ("pay", ["gateway": "trial"]), ("cancel", ["reason": "no"]), ("received", nil), ("remarks", ["text": "x"]),
                    ("after-sales", ["kind": "call-off", "lines": [["line": 1, "pieces": 1]], "reason": "no"]),
                    ("after-sales/c1/withdrawal", nil),
                ] as [(String, JSON?)] {
                    let answer = try await shop.post("/orders/\(number)/\(tail)", body, member: member, channel: channel, key: "\(tail)-\(number.hasPrefix("%") ? "s" : number)")
                    #expect(answer.status == .notFound, "\(number) \(tail): \(answer.text)")
                }
            }
            let mine = try await shop.get("/orders/20261123-a", member: "m").json
            #expect(mine["version"] == 1)
        }
    }

    @Test func `an order is called off once, and not after it has left`() async throws {
        let world = try await open()
        for number in ["20261123-a", "20261123-b"] { try await place(number, world) }
        try await pay("20261123-b", world)
        try await ship("20261123-b", world)
        try await world.visit { shop in
            let off = try await shop.post("/orders/20261123-a/cancel", ["reason": "wrong size"], member: "m", key: "1")
            #expect(try off.status == .ok && off.json["state"] == "cancelled")
            let again = try await shop.post("/orders/20261123-a/cancel", ["reason": "wrong size"], member: "m", key: "1")
            #expect(again.text == off.text)
            let late = try await shop.post("/orders/20261123-b/cancel", ["reason": "wrong size"], member: "m", key: "2")
            #expect(try late.status == .conflict && late.json["code"] == "wrong_state")
            let silent = try await shop.post("/orders/20261123-b/cancel", [:], member: "m", key: "3")
            #expect(try silent.status == .unprocessableContent && silent.json["field"] == "reason")
            let unpayable = try await shop.post("/orders/20261123-a/pay", ["gateway": "trial"], member: "m", key: "4")
            #expect(unpayable.status == .conflict)
        }
    }

    @Test func `a buyer asks, answers, sends back, complains and lets go of a case`() async throws {
        let world = try await open()
        try await place("20261123-a", world)
        try await pay("20261123-a", world)
        try await ship("20261123-a", world)
        let path = "/orders/20261123-a/after-sales"
        try await world.visit { shop in
            let wrong: [(JSON, String)] = [
                (["kind": "gift", "lines": [["line": 1, "pieces": 1]], "reason": "x"], "kind"),
                (["kind": "return-and-refund", "lines": [["line": 9, "pieces": 1]], "reason": "x"], "lines"),
                (["kind": "return-and-refund", "lines": [["line": 1, "pieces": 3]], "reason": "x"], "lines"),
                (["kind": "return-and-refund", "lines": [["line": 1, "pieces": 0]], "reason": "x"], "lines"),
                (["kind": "return-and-refund", "lines": [["line": 1, "pieces": -1]], "reason": "x"], "lines[0].pieces"),
                (["kind": "return-and-refund", "lines": [["line": 1, "pieces": 1]]], "reason"),
                (["kind": "return-and-refund", "lines": [["line": 1, "pieces": 1]], "reason": "x", "case": "c1"], "case"),
            ]
            for (index, (body, field)) in wrong.enumerated() {
                let answer = try await shop.post(path, body, member: "m", key: "w\(index)")
                #expect(try answer.status == .unprocessableContent && answer.json["field"]?.string == field, "\(body.text): \(answer.text)")
            }
            let asked = try await shop.post(
                path, ["kind": "return-and-refund", "lines": [["line": 1, "pieces": 1]], "reason": "too small"], member: "m", key: "1")
            #expect(try asked.status == .ok && asked.json["cases"]?[0]?["case"] == "c1")
            let unknown = try await shop.post("\(path)/c9/withdrawal", member: "m", key: "2")
            #expect(unknown.status == .notFound)
            let early = try await shop.post("\(path)/c1/sent", ["carrier": "SF", "tracking": "9"], member: "m", key: "3")
            #expect(try early.status == .conflict && early.json["code"] == "wrong_case_state")
            let gone = try await shop.post("\(path)/c1/withdrawal", member: "m", key: "4")
            #expect(try gone.json["cases"]?[0]?["state"] == "withdrawn")

            _ = try await shop.post(path, ["kind": "refund-only", "lines": [["line": 2, "pieces": 1]], "reason": "scratch"], member: "m", key: "5")
            let offer = AfterSaleFact.answered(1, AfterSaleAnswer(by: .seller, .offer([LineShare(line: 2, pieces: 0, amount: 500)])))
            let second = try #require(EntityID("c2"))
            try await world.store.write { writing throws(StoreError) in
                _ = try writing.tell(.afterSale(second, offer), of: "20261123-a", by: "t")
            }
            let taken = try await shop.post("\(path)/c2/answer", ["answer": "agree"], member: "m", key: "6")
            #expect(try taken.json["cases"]?[1]?["granted"] == 500, "\(taken.text)")
        }
    }
}
