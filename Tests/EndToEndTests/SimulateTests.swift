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
    }
}
