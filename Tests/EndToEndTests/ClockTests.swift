import Commerce
import Foundation
import Testing

extension EndToEnd {
    @Suite struct ClockTests {
        private static let hour: Int64 = 3_600
        private static let decade: Int64 = 87_600 * 3_600

        private func steered(_ body: (RunningHeyi, SteeredClock) async throws -> Void) async throws {
            try await RunningHeyi.serving(visitors: ["py"]) { heyi in
                let clock = try await SteeredClock(in: heyi.folder)
                heyi.environment = clock.environment
                // The shop's clock goes with ours: it would refuse what a wrong clock has signed.
                try await heyi.addShop("web")
                await heyi.end(SIGTERM)
                try heyi.configure(extra: "push:\n  retry_cap: 1s\npull:\n  every: 1s")
                try await heyi.start()
                try await body(heyi, clock)
            }
        }

        private func says(_ heyi: RunningHeyi, _ words: String) async throws {
            try await eventually("the status says that the clock was set \(words)") {
                try await heyi.problems().contains {
                    $0["kind"] == "clock_stepped" && $0["detail"]?.string?.contains("set \(words)") == true
                } ? true : nil
            }
        }

        @Test(.enabled(if: SteeredClock.isPossible, "needs a C compiler"))
        func `set by an hour or ten years, ahead or back, the clock changes nothing but dates and signatures`() async throws {
            try await steered { heyi, clock in
                try await heyi.write(Goods.cup)
                var round = 0
                for (ahead, words) in [
                    (ClockTests.hour, "ahead by 60 min"), (0, "back by 60 min"), (ClockTests.decade, "ahead by 3650 days"),
                    (-ClockTests.decade, "back by 7300 days"), (0, "ahead by 3650 days"),
                ] {
                    round += 1
                    let before = try ProcessorTime.of(heyi.processID)
                    let began = ContinuousClock.now
                    try clock.set(ahead: ahead)
                    try await says(heyi, words)
                    try await heyi.write(["kind": "product", "id": "cup", "units": ["tags": [.string("hub \(round)")]]])
                    try await heyi.inStep()
                    #expect(try await heyi.value("product/cup", "tags") == [.string("hub \(round)")])
                    try await heyi.shop("web").edit("product/cup", "text.en", ["title": .string("Cup \(round)")])
                    try await eventually("the shop's edit is read at its next turn") {
                        try await heyi.value("product/cup", "text.en")?["title"]?.string == "Cup \(round)" ? true : nil
                    }
                    try await heyi.write(["kind": "category", "id": .string("c\(round)"), "units": ["place": ["position": 1]]])
                    let delta = [RunningHeyi.delta("category/c\(round)", "text.en", ["title": "by callback"])]
                    if ahead != 0 {
                        let stale = try await heyi.answer(to: "py", id: "true-\(round)", delta)
                        #expect(stale?.status == 401)
                        #expect(stale?.body["next"]?.string?.contains("both clocks") == true, "\(stale?.body.text ?? "")")
                    }
                    #expect(try await heyi.answer(to: "py", id: "same-\(round)", delta, ahead: ahead)?.status == 204)
                    try await eventually("the callback is applied") {
                        try await heyi.value("category/c\(round)", "text.en") != nil ? true : nil
                    }
                    // A loop that turns without a pause takes a whole processor.
                    let used = try ProcessorTime.of(heyi.processID) - before
                    #expect(used < (ContinuousClock.now - began) * 0.8, "\(used) of processor time in \(ContinuousClock.now - began)")
                }
                #expect(try await heyi.shop("web").doubled() == [])
                #expect(heyi.log.contains("clock.stepped"))
            }
        }

        @Test(.enabled(if: SteeredClock.isPossible, "needs a C compiler"))
        func `what waits to be tried again is tried again, though the clock was set back meanwhile, also over a restart`() async throws {
            try await steered { heyi, clock in
                try await heyi.write(Goods.cup)
                try await heyi.inStep()
                for (round, restarts) in [(1, false), (2, true)] {
                    try clock.set(ahead: ClockTests.decade)
                    try await says(heyi, "ahead by 3650 days")
                    try await heyi.shop("web").turn(["fail_before": 1_000])
                    try await heyi.write(["kind": "product", "id": "cup", "units": ["tags": [.string("late \(round)")]]])
                    try await eventually("the push waits") {
                        let channels = try await heyi.json("status")["channels"]?.array ?? []
                        return channels.contains { channel in
                            channel["id"] == "web" && ["lag_changes", "retrying", "unknown"].contains { channel[$0] != 0 }
                        } ? true : nil
                    }
                    if restarts { await heyi.end(SIGKILL) }
                    try clock.set(ahead: 0)
                    if restarts { try await heyi.start() }
                    try await heyi.shop("web").turn(["fail_before": 0])
                    try await heyi.inStep()
                    #expect(try await heyi.shop("web").value("product/cup", "tags") == [.string("late \(round)")])
                }
                #expect(heyi.log.contains("behind the newest write of this store"))
                #expect(try await heyi.shop("web").doubled() == [])
            }
        }
    }
}

/// What a process has used of the processors, by the kernel's count.
enum ProcessorTime {
    static func of(_ id: pid_t) throws -> Duration {
        let text = try String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
        // The name in parentheses may hold anything; what follows is counted from the state.
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        let ticks = (Int(fields[12]) ?? 0) + (Int(fields[13]) ?? 0)
        return .milliseconds(ticks * 1_000 / max(1, sysconf(Int32(_SC_CLK_TCK))))
    }
}
