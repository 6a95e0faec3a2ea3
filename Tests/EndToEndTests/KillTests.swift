import Testing

extension EndToEnd {
    @Suite struct KillTests {
        /// The script ends with 1 when an acknowledged write is lost, an operation was applied twice or shops differ.
        @Test func `killed at random moments, the daemon loses no acknowledged write and doubles none`() async throws {
            let rounds = try await Binary.run(path: "python3", ["\(Repository.root)/scripts/kill-rounds", Binary.directory, "3"])
            #expect(rounds.code == 0, "\(rounds.all)")
            #expect(rounds.text.contains("lost acknowledged 0") && rounds.text.hasSuffix("passed\n"), "\(rounds.all)")
        }

        /// The script ends with 1 when a platform's own books and ours differ, a refund went twice, or a callback it answered is not there.
        @Test func `killed at random moments while orders are paid, the daemon books every payment once and sends every refund once`() async throws {
            let rounds = try await Binary.run(path: "python3", ["\(Repository.root)/scripts/pay-kills", Binary.directory, "5"])
            #expect(rounds.code == 0, "\(rounds.all)")
            #expect(rounds.text.contains("lost 0, stuck 0") && rounds.text.hasSuffix("passed\n"), "\(rounds.all)")
        }
    }
}
