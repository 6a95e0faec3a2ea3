import ChannelAdapters
import Commerce
import Glibc
import Store

/// What the operating system says; a value, so that a test can plant what it says.
struct HostView: Sendable {
    struct Disk: Hashable, Sendable {
        var freeBytes: Int64
        var bytes: Int64
        var freeNodes: Int64
        var nodes: Int64
    }

    struct File: Hashable, Sendable {
        var mode: UInt32
        var owner: UInt32
        var bytes: Int64
        var modified: Timestamp
    }

    struct Descriptors: Hashable, Sendable {
        var open: Int
        var max: Int
    }

    struct Memory: Hashable, Sendable {
        /// What the process has in use.
        var residentBytes: Int64
        /// What it may have, by its control group or the machine; nil where nothing says.
        var limitBytes: Int64?
        /// What the machine could still give; nil where that is hidden.
        var availableBytes: Int64?
    }

    var disk: @Sendable (String) -> Disk? = HostView.realDisk
    var file: @Sendable (String) -> File? = HostView.realFile
    var descriptors: @Sendable () -> Descriptors? = HostView.realDescriptors
    var memory: @Sendable () -> Memory? = HostView.realMemory
    /// Times that writes in a directory took to be on disk; nil where it cannot be written.
    var syncTimes: @Sendable (String) async -> [Duration]? = DiskProbe.times
    /// The process that holds a lock on a file; nil when nobody does.
    var lockHolder: @Sendable (String) -> Int32? = HostView.realLockHolder
    /// The file this process was started from; ` (deleted)` follows where another one has taken its place.
    var program: @Sendable () -> String? = HostView.realProgram
    var sqliteVersion = Store.sqliteVersion
    var curlVersion = CurlTransport.libraryVersion

    static func realFile(_ path: String) -> File? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return File(
            mode: status.st_mode, owner: status.st_uid, bytes: Int64(status.st_size),
            modified: Timestamp(milliseconds: Int64(status.st_mtim.tv_sec) * 1_000))
    }

    private static func realProgram() -> String? {
        var name = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &name, name.count)
        return count > 0 ? String(decoding: name[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }

    private static func realDisk(_ path: String) -> Disk? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        let block = Int64(status.f_frsize)
        return Disk(
            freeBytes: Int64(status.f_bavail) * block, bytes: Int64(status.f_blocks) * block,
            freeNodes: Int64(status.f_favail), nodes: Int64(status.f_files))
    }

    private static func realDescriptors() -> Descriptors? {
        ProcessFigures.now().map { Descriptors(open: $0.openDescriptors, max: Int(clamping: Int64($0.descriptorsMax))) }
    }

    private static func realMemory() -> Memory? {
        guard let figures = ProcessFigures.now() else { return nil }
        let available = ProcFile.lines("/proc/meminfo").first { $0.hasPrefix("MemAvailable:") }
            .flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int64($0) }
        let group = ProcFile.lines("/proc/self/cgroup").first { $0.hasPrefix("0::") }?.dropFirst(3) ?? ""
        let limit = ProcFile.lines("/sys/fs/cgroup\(group)/memory.max").first.flatMap { Int64($0) }
        return Memory(
            residentBytes: Int64(figures.residentBytes), limitBytes: limit, availableBytes: available.map { $0 * 1_024 })
    }

    /// By the kernel's own list, so that nobody who starts meanwhile meets a lock of ours.
    private static func realLockHolder(_ path: String) -> Int32? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        for line in ProcFile.lines("/proc/locks") {
            // `1: FLOCK  ADVISORY  WRITE 4711 fe:01:131 0 EOF`
            let words = line.split(separator: " ")
            guard words.count > 5, words[1] == "FLOCK", words[5].split(separator: ":").last == "\(status.st_ino)" else { continue }
            return Int32(words[4])
        }
        return nil
    }
}

/// Small files of the kernel.
enum ProcFile {
    static func lines(_ path: String) -> [String] {
        guard let file = fopen(path, "re") else { return [] }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
