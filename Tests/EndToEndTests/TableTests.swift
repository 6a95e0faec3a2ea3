import Commerce
import Testing

@testable import SyncDaemon

extension EndToEnd {
    @Suite struct TableTests {
        @Test func `every list fits a terminal of 80 columns and is JSON on request`() async throws {
            try await RunningHeyi.serving(shops: ["web", "a-shop-with-a-very-long-name-032"], visitors: ["py"]) { heyi in
                let id = String(repeating: "long-", count: 12) + "name"
                let sku: JSON = .string("sku/\(id)")
                try await heyi.write(
                    Goods.cup,
                    [
                        "kind": "sku", "id": .string(id),
                        "units": [
                            "identity": ["code": .string(String(repeating: "编码", count: 15)), "product": "cup"],
                            "price.CNY": ["amount": 9_900],
                        ],
                    ])
                try await heyi.inStep()
                // Something in every list: a conflict, a push refused for good, callbacks taken and set aside.
                try await heyi.shop("web").edit("sku/\(id)", "price.CNY", ["amount": 9_800])
                try await eventually("a conflict is open") {
                    try await heyi.json("conflicts", "list")["data"]?.array?.isEmpty == false ? true : nil
                }
                try await heyi.shop("web").turn(["reject": 1_000])
                try await heyi.write(["kind": "product", "id": "cup", "units": ["tags": ["refused"]]])
                try await eventually("a push is refused") {
                    try await heyi.json("queue", "list")["data"]?.array?.isEmpty == false ? true : nil
                }
                let message = String(repeating: "message-", count: 16)
                for title in ["一", "二"] {
                    _ = try await heyi.callback("py", id: message, [RunningHeyi.delta("category/x", "text.en", ["title": .string(title)])])
                }

                for words in [["channel", "list"], ["conflicts", "list"], ["queue", "list"], ["inbox", "list"], ["status"], ["why", sku.string ?? ""]] {
                    let table = try await heyi.heyi(words)
                    #expect(table.text.split(separator: "\n").count > 1, "\(words): \(table.all)")
                    for line in table.text.split(separator: "\n") {
                        #expect(DisplayWidth.of(line) <= 80, "\(words): \(line)")
                    }
                    let json = try await heyi.json(words)
                    #expect(json.object != nil, "\(words)")
                    if words.last == "list" { #expect(json["data"]?.array?.isEmpty == false, "\(words)") }
                }
            }
        }
    }
}
