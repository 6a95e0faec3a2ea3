import Glibc

/// What the kernel says about this process, read from `/proc`.
struct ProcessFigures: Hashable, Sendable {
    let cpuSeconds: Double
    let residentBytes: Double
    let virtualBytes: Double
    let openDescriptors: Int
    let descriptorsMax: Double
    /// Since 1970 UTC.
    let startSeconds: Double

    /// - Returns: nil where there is no `/proc` to read.
    static func now() -> ProcessFigures? {
        guard let stat = read("/proc/self/stat"), let end = stat.lastIndex(of: ")") else { return nil }
        // Counted from the state after the name in parentheses, which is field 3 of proc(5).
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 21 else { return nil }
        func field(_ number: Int) -> Double { Double(fields[number - 3]) ?? 0 }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(7), &limit)
        return ProcessFigures(
            cpuSeconds: (field(14) + field(15)) / ticks, residentBytes: field(24) * Double(sysconf(Int32(_SC_PAGESIZE))),
            virtualBytes: field(23), openDescriptors: openCount(), descriptorsMax: Double(limit.rlim_cur),
            startSeconds: booted + field(22) / ticks)
    }

    func write(to page: inout Exposition) {
        func one(_ name: String, _ kind: Exposition.Kind, _ help: String, _ value: Double) {
            page.family(name, kind, help)
            page.sample(name, [], value)
        }
        one("process_cpu_seconds_total", .counter, "User and system time spent.", cpuSeconds)
        one("process_resident_memory_bytes", .gauge, "Memory in use.", residentBytes)
        one("process_virtual_memory_bytes", .gauge, "Address space in use.", virtualBytes)
        one("process_open_fds", .gauge, "Open file descriptors.", Double(openDescriptors))
        one("process_max_fds", .gauge, "File descriptors that may be open.", descriptorsMax)
        one("process_start_time_seconds", .gauge, "When the process began, since 1970 UTC.", startSeconds)
    }

    /// When the host began, taken once, so that nothing but another process changes the start time.
    /// Not out of `/proc/stat`: the unit's `ProcSubset=pid` leaves only processes visible.
    private static let booted = ClockShift.read(CLOCK_REALTIME) - ClockShift.read(CLOCK_BOOTTIME)

    private static func openCount() -> Int {
        guard let directory = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        // Itself, `.` and `..` are in there too.
        return max(0, count - 3)
    }

    private static func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
