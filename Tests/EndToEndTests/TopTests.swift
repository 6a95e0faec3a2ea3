import Commerce
import Foundation
import Testing

extension EndToEnd {
    /// `heyi top` on a real pseudo-terminal, by a small person in Python who looks and types.
    @Suite struct TopTests {
        @Test func `a person watches, sorts, filters, looks at a channel and leaves the terminal as it was`() async throws {
            try await RunningHeyi.serving(shops: ["web"], visitors: ["py"]) { heyi in
                try await heyi.write(Goods.cup)
                try await heyi.inStep()
                let steps: JSON = [
                    ["see": "CHANNEL"], ["see": "web"], ["keys": "?"], ["see": "sort by the next column"], ["keys": "\u{1b}"],
                    ["keys": "/we\n"], ["see": "filter: we"], ["keys": "\n"], ["see": "answers in"], ["keys": "\u{1b}"], ["see": "s/S sort"],
                    ["signal": "TSTP"], ["ours": true], ["signal": "CONT"], ["ours": false],
                    ["size": [60, 12]], ["keys": "p"], ["see": "paused at"], ["keys": "q"],
                ]
                let told = try told(await Binary.run(path: "python3", person(heyi, steps)))
                #expect(told["failure"] == nil, "\(told.text)")
                #expect(told["code"] == 0 && told["restored"] == true && told["left"] == true, "\(told.text)")
                #expect((told["widest"]?.integer ?? 99) <= 60, "\(told.text)")
            }
        }

        @Test func `a daemon that goes away is said to be, comes back, and a signal leaves the terminal as it was`() async throws {
            try await RunningHeyi.serving(visitors: ["py"]) { heyi in
                let arguments = try person(
                    heyi, [
                        ["see": "py"], ["touch": .string(heyi.folder.file("seen"))], ["see": "no daemon answers at"],
                        ["touch": .string(heyi.folder.file("missed"))], ["see": "nothing needs attention"], ["signal": "TERM"],
                    ])
                async let run = Binary.run(path: "python3", arguments)
                try await eventually("it is watched") { FileManager.default.fileExists(atPath: heyi.folder.file("seen")) ? true : nil }
                await heyi.end(SIGTERM)
                try await eventually("it is missed") { FileManager.default.fileExists(atPath: heyi.folder.file("missed")) ? true : nil }
                try await heyi.start()
                let end = try told(await run)
                #expect(end["failure"] == nil, "\(end.text)")
                #expect(end["code"] == 143 && end["restored"] == true && end["left"] == true, "\(end.text)")
            }
        }

        @Test func `in a pipe it is one plain frame, and JSON on request`() async throws {
            try await RunningHeyi.serving(shops: ["web"]) { heyi in
                let frame = try await heyi.heyi("top", "--interval", "200ms")
                #expect(frame.code == 0 && frame.text.contains("per second  writes") && !frame.text.contains("\u{1b}"), "\(frame.all)")
                let report = try await heyi.json("top", "--once", "--interval", "200ms")
                #expect(report["verdict"] == "ok" && report["rates"]?["commits"]?.isNull == false, "\(report.text)")
                #expect(report["channels"]?.array?.first?["id"] == "web")
            }
            let gone = try await Binary.run("heyi", ["top", "--once", "--socket", "/nowhere/heyi.sock"])
            #expect(gone.code == 69 && gone.errors.contains("no daemon answers at /nowhere/heyi.sock"), "\(gone.all)")
        }

        /// - Parameter steps: In turn: `see` a text, press `keys`, set the `size`, `touch` a file, send a `signal`,
        ///   wait until the terminal is `ours` again or the view's.
        private func person(_ heyi: RunningHeyi, _ steps: JSON) throws -> [String] {
            try heyi.folder.write(Self.script, to: "person.py")
            return [
                "-B", heyi.folder.file("person.py"), steps.text, "\(Binary.directory)/heyi", "top", "--interval", "200ms",
                "--socket", heyi.folder.file("heyi.sock"),
            ]
        }

        private func told(_ run: Binary.Outcome) throws -> JSON {
            guard run.code == 0 else { throw Overdue(description: run.all) }
            return try JSON.parse(run.text)
        }

        /// Keeps the screen as a terminal of its size would show it; understands only what Screen writes.
        private static let script = #"""
            import fcntl, json, os, pty, re, select, signal, struct, subprocess, sys, termios, time, unicodedata
            steps, command = json.loads(sys.argv[1]), sys.argv[2:]
            master, slave = pty.openpty()
            columns, rows = 80, 24
            def resize():
                fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            resize()
            before = termios.tcgetattr(slave)
            child = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
                                     preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
            raw, screen, row, alternate, widest = b"", {}, 1, False, 0
            def width(text):
                return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
            def take():
                global raw, row, alternate, widest
                while True:
                    match = re.match(rb"([^\x1b]+)|\x1b\[(\??)([0-9;]*)([A-Za-z])", raw)
                    if not match: return
                    if match.group(1) is not None:
                        data = match.group(1)
                        if match.end() == len(raw):
                            # A character may still be on its way.
                            while data and data[-1] & 0xC0 == 0x80: data = data[:-1]
                            if data and data[-1] >= 0xC0: data = data[:-1]
                            else: data = match.group(1)
                            if not data: return
                        screen[row] = screen.get(row, "") + data.decode()
                        raw = raw[len(data):]
                        continue
                    private, numbers, letter = match.group(2), match.group(3).decode(), match.group(4)
                    raw = raw[match.end():]
                    if letter == b"H": row = int(numbers.split(";")[0] or 1); screen[row] = ""
                    elif letter == b"J": screen.clear()
                    elif letter == b"K": widest = max([widest] + [width(screen.get(row, ""))])
                    elif private and numbers == "1049": alternate = letter == b"h"
            def look(wanted=None, seconds=100, ours=None):
                global raw
                end = time.monotonic() + seconds
                while time.monotonic() < end:
                    if ours is not None and ours != alternate and (termios.tcgetattr(slave) == before) == ours: return True
                    if wanted and any(wanted in line for line in screen.values()): return True
                    ready, _, _ = select.select([master], [], [], 0.2)
                    if ready:
                        try: raw += os.read(master, 65536)
                        except OSError: return False
                        take()
                    elif child.poll() is not None: return False
                return False
            failure = None
            for step in steps:
                if "see" in step and not look(step["see"]):
                    failure = [step, [screen[line] for line in sorted(screen)], child.poll()]
                    break
                if "ours" in step and not look(ours=step["ours"]):
                    failure = [step, alternate, child.poll()]
                    break
                if "keys" in step: os.write(master, step["keys"].encode()); look(seconds=0.3)
                if "size" in step:
                    columns, rows = step["size"]
                    resize()
                    os.kill(child.pid, signal.SIGWINCH)
                    look(seconds=1)
                    widest = 0
                if "touch" in step: open(step["touch"], "w").close()
                if "signal" in step: os.kill(child.pid, getattr(signal, "SIG" + step["signal"]))
            if failure: child.kill()
            look(seconds=30)
            code = child.wait(timeout=60)
            after = termios.tcgetattr(slave)
            told = {"code": code, "restored": before == after, "left": not alternate, "widest": widest}
            if failure: told["failure"] = failure
            print(json.dumps(told, ensure_ascii=False))
            """#
    }
}
