import Testing

extension EndToEnd {
    @Suite struct LastUnitTests {
        /// The script ends with 1 when a round has another number of orders than one, or somebody is told anything but the truth.
        @Test func `fifty buyers who want the last unit make one order, also when the daemon is killed meanwhile`() async throws {
            let rounds = try await Binary.run(path: "python3", ["\(Repository.root)/scripts/last-unit", Binary.directory, "10", "50"])
            #expect(rounds.code == 0, "\(rounds.all)")
            #expect(rounds.text.contains("10 rounds of 50 buyers") && rounds.text.contains(": 10 orders"), "\(rounds.all)")
        }

        /// Each step of the script says what must be so after it, and it ends at the first that is not.
        @Test func `the walk through a shop's day goes as the page tells it`() async throws {
            let walk = try await Binary.run(path: "python3", ["\(Repository.root)/docs/examples/shop_day.py", "--bin", Binary.directory])
            #expect(walk.code == 0, "\(walk.all)")
            #expect(walk.text.contains("every number above is explained"), "\(walk.all)")
        }
    }
}
