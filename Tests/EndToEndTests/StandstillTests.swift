import Commerce
import Foundation
import Testing

extension EndToEnd {
    @Suite struct StandstillTests {
        @Test func `stopped while pushes are out, and going on after their answers, the daemon doubles and loses nothing`() async throws {
            try await RunningHeyi.serving(shops: ["web", "app"]) { heyi in
                // Long enough to be caught in, however slowly the daemon is asked; six batches a shop, so there is always a next one.
                try heyi.configure(extra: "push:\n  timeout: 10s\n  batch: 5\n  retry_cap: 1s")
                await heyi.end(SIGTERM)
                try await heyi.start()
                try await heyi.inStep()
                for shop in ["web", "app"] { try await heyi.shop(shop).turn(["latency_ms": [3_000, 3_000]]) }
                try await heyi.write(
                    (0..<30).map { ["kind": "category", "id": .string("c\($0)"), "units": ["text.en": ["title": .string("t\($0)")]]] })
                // What was out arrives, and its answers meet a daemon that stands still.
                var before = try await stop(heyi)
                var since = ContinuousClock.now
                try await eventually("a push arrives meanwhile") {
                    if try await arrived(heyi) > before { return true }
                    if ContinuousClock.now - since > .seconds(8) {
                        // It was caught between two pushes.
                        heyi.signal(SIGCONT)
                        before = try await stop(heyi)
                        since = ContinuousClock.now
                    }
                    return nil
                }
                for shop in ["web", "app"] { try await heyi.shop(shop).turn(["latency_ms": [0, 0]]) }
                heyi.signal(SIGCONT)
                try await heyi.inStep()
                for shop in heyi.shops {
                    #expect(try await shop.doubled() == [])
                    #expect(try await shop.value("category/c29", "text.en")?["title"]?.string == "t29")
                }
            }
        }

        /// Stops the daemon while a push is out, and counts what its shops have by then.
        private func stop(_ heyi: RunningHeyi) async throws -> Int {
            try await eventually("pushes are out") {
                let channels = try await heyi.json("status")["channels"]?.array ?? []
                return channels.contains { $0["in_flight"] != 0 } ? true : nil
            }
            heyi.signal(SIGSTOP)
            return try await arrived(heyi)
        }

        private func arrived(_ heyi: RunningHeyi) async throws -> Int {
            var count = 0
            for shop in heyi.shops { count += try await shop.writes() }
            return count
        }

        /// What systemd does with a daemon that stands still, systemd-check shows; here is what it goes by.
        @Test func `systemd hears that it lives, and nothing while it stands still`() async throws {
            try await RunningHeyi.serving { heyi in
                let manager = try NotifyListener()
                heyi.environment = ["NOTIFY_SOCKET": manager.path, "WATCHDOG_USEC": "400000"]
                await heyi.end(SIGTERM)
                try await heyi.start()
                for word in ["READY=1", "WATCHDOG=1", "STATUS="] {
                    try await eventually(word) { manager.hears(word) ? true : nil }
                }
                heyi.signal(SIGSTOP)
                try await eventually("it stands still") { try state(heyi.processID) == "T" ? true : nil }
                manager.forget()
                // As long as eight of its signs of life take.
                let began = ContinuousClock.now
                try await eventually("time passes") { ContinuousClock.now - began > .milliseconds(1_600) ? true : nil }
                #expect(!manager.hears("WATCHDOG=1"))
                heyi.signal(SIGCONT)
                try await eventually("it lives again") { manager.hears("WATCHDOG=1") ? true : nil }
                heyi.signal(SIGHUP)
                try await eventually("reloading") { manager.hears("RELOADING=1\nMONOTONIC_USEC=") ? true : nil }
                #expect(await heyi.end(SIGTERM) == 0)
                try await eventually("stopping") { manager.hears("STOPPING=1") ? true : nil }
            }
        }

        private func state(_ id: pid_t) throws -> String {
            let text = try String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
            return String(text[(text.lastIndex(of: ")") ?? text.startIndex)...].dropFirst(2).prefix(1))
        }
    }
}
