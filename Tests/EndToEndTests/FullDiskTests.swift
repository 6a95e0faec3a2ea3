import Commerce
import Foundation
import Testing

extension EndToEnd {
    @Suite struct FullDiskTests {
        @Test(.enabled(if: SmallDisk.isPossible, "only root may mount a small disk; StoreTests shows the same of the store"))
        func `on a full disk callbacks are turned away until there is room, nothing taken is lost, nobody restarts anything`() async throws {
            try await RunningHeyi.serving(shops: ["web"], visitors: ["py"]) { heyi in
                await heyi.end(SIGTERM)
                let disk = try await SmallDisk.mounted(megabytes: 24, at: heyi.folder.file("disk"))
                heyi.directory = "\(disk.path)/store"
                try heyi.configure()
                try await heyi.start()
                do { try await fillAndEmpty(disk, heyi) } catch { Issue.record("\(error)") }
                await heyi.end(SIGTERM)
                try await disk.unmount()
            }
        }

        private func fillAndEmpty(_ disk: SmallDisk, _ heyi: RunningHeyi) async throws {
            try await heyi.write(Goods.cup)
            try await heyi.inStep()
            let process = heyi.processID
            try disk.fill()
            var kept: [Int] = []
            var refused: (number: Int, answer: JSON)?
            for number in 0..<400 where refused == nil {
                let answer = try await heyi.answer(to: "py", id: "m\(number)", delta(number))
                switch answer?.status {
                case 204: kept.append(number)
                case 503: refused = (number, answer?.body ?? .null)
                default: Issue.record("answered \(String(describing: answer))")
                }
            }
            let turnedAway = try #require(refused, "the disk never got full")
            #expect(turnedAway.answer["retry_after"]?.integer ?? 0 > 0, "\(turnedAway.answer.text)")
            #expect(turnedAway.answer["detail"]?.string?.contains("disk is full") == true, "\(turnedAway.answer.text)")
            try await eventually("the status names the disk") {
                let problem = try await heyi.problems().first { $0["kind"] == "store_unwritable" }
                return problem?["detail"]?.string?.contains("disk is full") == true ? true : nil
            }
            // Reading goes on.
            #expect(try await heyi.value("product/cup", "tags") == ["daily"])

            try disk.makeRoom()
            #expect(try await heyi.callback("py", id: "m\(turnedAway.number)", delta(turnedAway.number)) == 204)
            kept.append(turnedAway.number)
            try await heyi.inStep()
            let master = try await heyi.master()
            for number in kept { #expect(master.contains("\"title\":\"c\(number)\""), "c\(number) was acknowledged and is lost") }
            #expect(try await heyi.problems().allSatisfy { $0["kind"] != "store_unwritable" })
            #expect(heyi.processID == process)
            #expect(try await heyi.shop("web").doubled() == [])
        }

        private func delta(_ number: Int) -> [JSON] {
            [RunningHeyi.delta(
                "category/c\(number)", "text.en", ["title": .string("c\(number)"), "body": .string(String(repeating: "x", count: 30_000))])]
        }
    }
}
