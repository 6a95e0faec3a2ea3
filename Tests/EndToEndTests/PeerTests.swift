import Commerce
import Testing

extension EndToEnd {
    /// The peer in Python that the protocol's document points to, against the real daemon.
    @Suite struct PeerTests {
        private let peer = "\(Repository.root)/docs/examples/peer.py"

        @Test func `the peer edits beside the hub and a shop, and all three end in step`() async throws {
            try await RunningHeyi.serving(shops: ["web"], visitors: ["py"]) { heyi in
                try await heyi.write(Goods.cup, Goods.plum)
                try await sync(heyi)
                let before = try await heyi.inStep()
                #expect(try await run(heyi, "digest") == before)

                // Three ends that have not seen each other: the shop waits, the peer is away, the hub writes.
                #expect(try await heyi.heyi("channel", "pause", "web").code == 0)
                try await run(heyi, "edit", "product/cup", "tags", #"["daily","py"]"#)
                try await run(heyi, "edit", "product/cup", "text.en", "--delete")
                try await heyi.shop("web").edit("product/cup", "tags", ["daily", "web"])
                try await heyi.write(["kind": "product", "id": "cup", "units": ["tags": ["hub"], "text.zh-CN": ["title": "合一杯"]]])
                try await sync(heyi)
                #expect(try await heyi.heyi("channel", "resume", "web").code == 0)
                try await eventually("the shop's tag is merged") {
                    try await heyi.value("product/cup", "tags")?.array?.contains("web") == true ? true : nil
                }
                let digest = try await heyi.inStep()
                try await sync(heyi)
                #expect(try await run(heyi, "digest") == digest)
                let tags = try await heyi.value("product/cup", "tags")?.array ?? []
                #expect(Set(tags) == ["hub", "py", "web"])
                #expect(try await heyi.value("product/cup", "text.en") == nil)
                #expect(try await run(heyi, "show", "product/cup").contains("合一杯"))
                #expect(try await heyi.shop("web").doubled() == [])
            }
        }

        @Test func `the peer's own tests pass`() async throws {
            let tests = try await Binary.run(
                path: "python3", ["-B", "-m", "unittest", "discover", "-s", "\(Repository.root)/docs/examples"])
            #expect(tests.code == 0, "\(tests.all)")
            #expect(tests.errors.contains("OK"), "\(tests.errors)")
        }

        private func sync(_ heyi: RunningHeyi) async throws {
            try await run(heyi, "--hub", heyi.publicURL, "--channel", "py", "--secret-file", heyi.folder.file("py.secret"), "sync")
        }

        @discardableResult
        private func run(_ heyi: RunningHeyi, _ arguments: String...) async throws -> String {
            let outcome = try await Binary.run(path: "python3", ["-B", peer, "--state", heyi.folder.file("peer.json")] + arguments)
            #expect(outcome.code == 0, "\(outcome.all)")
            return outcome.text.hasSuffix("\n") ? String(outcome.text.dropLast()) : outcome.text
        }
    }
}
