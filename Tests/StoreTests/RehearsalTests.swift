import Commerce
import Simulation
import Store
import Testing
import TestKit

@Suite struct RehearsalTests {
    @Test func `a rehearsal beside real writes leaves these alone and nothing of itself`() async throws {
        let scratch = try Scratch()
        let store = try scratch.open()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let told = try await store.rehearse { writing throws(StoreError) in
                        try writing.audit(principal: "nobody", action: "rehearsed", subject: "\(number)", detail: "")
                        return number
                    }
                    #expect(told == number)
                }
                group.addTask {
                    try await store.write { writing throws(StoreError) in
                        try writing.audit(principal: "somebody", action: "done", subject: "\(number)", detail: "")
                    }
                }
            }
            try await group.waitForAll()
        }
        let entries = try await store.read { reading throws(StoreError) in try reading.auditEntries(limit: 100) }
        #expect(entries.count { $0.action == "done" } == 20)
        #expect(!entries.contains { $0.action == "rehearsed" })
        await store.close()
        withExtendedLifetime(scratch) {}
    }

    @Test func `a rehearsal that fails says why`() async throws {
        let store = try Store(.memory, surroundings: .still())
        let error = await #expect(throws: StoreError.self) {
            try await store.rehearse { (_: Writing) throws(StoreError) -> Int in throw .notFound("tea") }
        }
        #expect(error == .notFound("tea"))
    }
}
