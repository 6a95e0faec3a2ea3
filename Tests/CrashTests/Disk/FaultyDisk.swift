import Crypto
import FaultyFiles
import Foundation
import Store

/// A disk in memory that loses power and fails on command, under SQLite and beside it.
final class FaultyDisk: Disk {
    /// What is on it after the power came back.
    enum AfterCut: Int32, CaseIterable, Sendable {
        case clean, onlySynced, torn, reordered
    }

    struct Faults: OptionSet, Sendable {
        let rawValue: Int32
        static let full = Faults(rawValue: Int32(FAULTY_FULL))
        static let read = Faults(rawValue: Int32(FAULTY_READ))
        static let write = Faults(rawValue: Int32(FAULTY_WRITE))
        static let sync = Faults(rawValue: Int32(FAULTY_SYNC))
    }

    let isShared = false
    let answersOnCaller: Bool
    private let number: Int32

    init(answersOnCaller: Bool = true) throws {
        let installed = faulty_install()
        guard installed == 0 else { throw StoreError.failed("SQLite \(installed) refuses the file system") }
        self.answersOnCaller = answersOnCaller
        number = faulty_new()
    }

    private init(number: Int32, answersOnCaller: Bool) {
        self.number = number
        self.answersOnCaller = answersOnCaller
    }

    deinit { faulty_free(number) }

    /// A folder on it; what lies deeper has no folder of its own unless it was made.
    var path: String { "/faulty/\(number)" }

    func reboot(_ mode: AfterCut, seed: UInt64 = 0) -> FaultyDisk {
        FaultyDisk(number: faulty_reboot(number, mode.rawValue, seed), answersOnCaller: answersOnCaller)
    }

    /// Counts steps from here, and cuts the power at one of them.
    func cut(at step: Int?) { faulty_cut_at(number, Int64(step ?? 0)) }

    var steps: Int { Int(faulty_steps(number)) }
    var isCut: Bool { faulty_is_cut(number) == 1 }

    /// A step outside SQLite at which the power may go.
    /// - Returns: whether it is still on.
    @discardableResult
    func step() -> Bool { faulty_step(number) == 0 }

    /// Lets `count` operations of these kinds fail, from number `first` on.
    func fail(_ faults: Faults, first: Int, count: Int) { faulty_fail(number, faults.rawValue, Int64(first), Int64(count)) }

    func heal() { fail([], first: 0, count: 0) }

    /// How many operations of the kinds that fail there were, and how many of them failed.
    var matched: (all: Int, failed: Int) { (Int(faulty_matched(number)), Int(faulty_failed(number))) }
}

extension FaultyDisk {
    func exists(_ path: String) -> Bool { faulty_length(path) >= 0 }

    func contents(_ path: String) -> [UInt8]? {
        let length = faulty_length(path)
        guard length >= 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(length))
        guard bytes.withUnsafeMutableBytes({ faulty_get(path, $0.baseAddress, length) }) == length else { return nil }
        return bytes
    }

    func put(_ bytes: [UInt8], at path: String) throws {
        try check(bytes.withUnsafeBytes { faulty_put(path, $0.baseAddress, Int64($0.count)) }, path)
    }

    func sync(_ path: String) throws { try check(faulty_sync(path), path) }
    func rename(_ source: String, to path: String) throws { try check(faulty_rename(source, path), path) }

    func remove(_ path: String) throws {
        let code = faulty_remove(path)
        if code != ENOENT { try check(code, path) }
    }

    func makeFolder(_ path: String) throws -> Bool {
        let code = faulty_mkdir(path)
        if code != EEXIST { try check(code, path) }
        return code == 0
    }

    func identity(of path: String) throws -> String {
        if isCut { throw StoreError.failed("\(path): no power") }
        return String(faulty_identity(path))
    }

    func digest(_ path: String, copyTo copy: String?) throws -> (sha256: String, bytes: Int64) {
        guard let bytes = contents(path) else { throw StoreError.notFound(path) }
        if let copy {
            try put(bytes, at: copy)
            try sync(copy)
        }
        let hash = SHA256.hash(data: bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        return (hash.joined(), Int64(bytes.count))
    }

    private func check(_ code: Int32, _ path: String) throws {
        switch code {
        case 0: return
        case ENOSPC: throw StoreError.diskFull
        case ENOENT: throw StoreError.notFound(path)
        default: throw StoreError.failed("\(path): \(String(cString: strerror(code)))")
        }
    }
}
