import Testing

extension EndToEnd {
    @Suite struct SimulateTests {
        /// Sets and dictionaries are ordered differently in every process; nothing may be decided by that.
        @Test func `the same seeds are the same runs in every process`() async throws {
            var traces: Set<Substring> = []
            for environment in [[:], [:], ["SWIFT_DETERMINISTIC_HASHING": "1"]] as [[String: String]] {
                let played = try await Binary.run(
                    "heyi", ["simulate", "--seeds", "12", "--threads", "2", "--no-shrink"], environment: environment)
                #expect(played.code == 0, "\(played.all.suffix(2_000))")
                let trace = try #require(played.text.firstMatch(of: /trace ([0-9a-f]{16})/))
                traces.insert(trace.1)
            }
            #expect(traces.count == 1, "\(traces)")
        }

        @Test(arguments: [
            (["--planted", "all", "--trace", "--seeds", "1"], "plant one mistake by its name"),
            (["--plan", "day.json", "--planted", "mine-wins"], "a plan names what is planted"),
            (["--planted", "mine-win"], "heyi simulate --help lists them"),
        ])
        func `what cannot be played together is refused instead of left out`(options: [String], reason: String) async throws {
            let refused = try await Binary.run("heyi", ["simulate"] + options, environment: [:])
            #expect(refused.code == 64)
            #expect(refused.all.contains(reason), "\(refused.all)")
        }
    }
}
