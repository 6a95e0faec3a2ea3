import Foundation

/// Holds a store's directory for this process alone.
///
/// The lock belongs to the open file, so it goes with the process however that
/// ends; the file's text only tells people who holds it.
final class DirectoryClaim: @unchecked Sendable {
    // Unchecked because `descriptor` is only changed by `release`, under `lock`.
    private let lock = NSLock()
    private var descriptor: Int32

    init(directory: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StoreError.readOnly(directory)
        }
        let path = directory + "/heyi.lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError.readOnly(path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = DirectoryClaim.holder(descriptor)
            // All members are set, so `deinit` runs for this error too, and closes; twice would close a stranger's file.
            throw StoreError.alreadyRunning(directory: directory, holder: holder)
        }
        let note = Array("pid \(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        _ = pwrite(descriptor, note, note.count, 0)
    }

    private static func holder(_ descriptor: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return "another process" }
        let text = String(decoding: buffer.prefix(count), as: UTF8.self)
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func release() {
        lock.withLock {
            guard descriptor >= 0 else { return }
            // A child on its way from fork to exec has a copy of the file, with which the lock would stay.
            flock(descriptor, LOCK_UN)
            Foundation.close(descriptor)
            descriptor = -1
        }
    }

    deinit { release() }
}
