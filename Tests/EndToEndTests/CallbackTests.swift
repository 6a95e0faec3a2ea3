import Commerce
import Foundation
import Testing

extension EndToEnd {
    @Suite struct CallbackTests {
        @Test func `callbacks answered before a kill are applied once after it, and not again when they are sent again`() async throws {
            try await RunningHeyi.serving(shops: ["web"], visitors: ["py"]) { heyi in
                let count = 40
                func delta(_ index: Int) -> [JSON] {
                    [RunningHeyi.delta("category/c\(index)", "text.en", ["title": .string("from py \(index)")])]
                }
                try await heyi.write(
                    (0..<count).map { ["kind": "category", "id": .string("c\($0)"), "units": ["text.en": ["title": "new"]]] })
                for index in 0..<count {
                    #expect(try await heyi.callback("py", id: "msg-\(index)", delta(index)) == 204)
                }
                await heyi.end(SIGKILL)
                try await heyi.start()
                try await eventually("all callbacks are applied") {
                    try await heyi.json("status")["inbox"]?["waiting"] == 0 ? true : nil
                }
                for index in 0..<count {
                    let changes = try await heyi.history("category/c\(index)", "text.en")
                    #expect(changes.count { $0["author"] == "channel:py" } == 1, "c\(index): \(JSON.array(changes).text)")
                }
                try await heyi.write(["kind": "category", "id": "c0", "units": ["text.en": ["title": "newer"]]])
                #expect(try await heyi.callback("py", id: "msg-0", delta(0)) == 204)
                // Taken after the repeated one, so that one has been dealt with when this is there.
                #expect(try await heyi.callback("py", id: "msg-end", [RunningHeyi.delta("category/c1", "place", ["position": 7])]) == 204)
                try await eventually("the last callback is applied") {
                    try await heyi.value("category/c1", "place") == ["position": 7] ? true : nil
                }
                #expect(try await heyi.value("category/c0", "text.en") == ["title": "newer"])
                #expect(try await heyi.history("category/c0", "text.en").count { $0["author"] == "channel:py" } == 1)
                try await heyi.inStep()
                #expect(try await heyi.shop("web").doubled() == [])
            }
        }

        @Test func `a callback with a wrong signature is refused and leaves nothing behind`() async throws {
            try await RunningHeyi.serving(visitors: ["py"]) { heyi async throws in
                let stranger = "whsec_\(Data("a secret of somebody else here".utf8).base64EncodedString())"
                let delta = [RunningHeyi.delta("product/cup", "tags", ["forged"])]
                #expect(try await heyi.callback("py", id: "msg-1", delta, secret: stranger) == 401)
                #expect(try await heyi.callback("nobody", id: "msg-1", delta, secret: stranger) == 401)
                #expect(try await heyi.json("inbox", "list")["data"] == [])
                #expect(try await heyi.master() == "")
            }
        }

        @Test func `a callback that can be signed but not read is shown as dead, with what is wrong`() async throws {
            try await RunningHeyi.serving(visitors: ["py"]) { heyi async throws in
                #expect(try await heyi.callback("py", id: "msg-1", [RunningHeyi.delta("cellar/cup", "tags", ["x"])]) == 204)
                try await eventually("it is given up") { try await heyi.json("status")["inbox"]?["dead"] == 1 ? true : nil }
                let row = try await heyi.json("inbox", "list", "--state", "dead")["data"]?.array?.first
                #expect(row?["last_error"]?.string?.contains("data.deltas[0] entity.kind: must be one of") == true, "\(row?.text ?? "")")
            }
        }

        @Test func `one message id with two bodies is set aside for a person`() async throws {
            try await RunningHeyi.serving(visitors: ["py"]) { heyi async throws in
                #expect(try await heyi.callback("py", id: "msg-1", [RunningHeyi.delta("category/a", "text.en", ["title": "A"])]) == 204)
                #expect(try await heyi.callback("py", id: "msg-1", [RunningHeyi.delta("category/a", "text.en", ["title": "B"])]) == 409)
                let status = try await heyi.heyi("status")
                #expect(status.code == 1)
                #expect(status.text.contains("1 quarantined"), "\(status.text)")
            }
        }
    }
}
