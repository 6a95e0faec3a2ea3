import Testing

extension EndToEnd {
    @Suite struct RestartTests {
        /// The script holds the sockets as systemd does, and ends with 1 when a request failed or an answered one is not kept.
        @Test func `while systemd holds the sockets, no request fails over restarts and every answered one is kept`() async throws {
            let rounds = try await Binary.run(
                path: "python3", ["\(Repository.root)/scripts/restart-rounds", Binary.directory, "3", "8"])
            #expect(rounds.code == 0, "\(rounds.all)")
            #expect(rounds.text.contains("failed 0") && rounds.text.hasSuffix("passed\n"), "\(rounds.all)")
        }
    }
}
