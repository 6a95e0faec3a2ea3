import Foundation

/// Keeps the input under test where it outlives the process: a trap takes everything else with it.
///
/// A mapped file costs a copy an input and no system call. After a crash it is
/// `heyi-fuzz-<target>.input` in the temporary directory: eight bytes of length, then the input.
final class LastInput {
    private let room: UnsafeMutableRawPointer
    private let size: Int
    let path: String

    init(target: String, bytesMax: Int) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "heyi-fuzz-\(target).input").path
        size = bytesMax + 8
        let descriptor = open(path, O_RDWR | O_CREAT, 0o600)
        guard descriptor >= 0, ftruncate(descriptor, off_t(size)) == 0,
            let room = mmap(nil, size, PROT_READ | PROT_WRITE, Int32(MAP_SHARED), descriptor, 0), room != MAP_FAILED
        else { throw CocoaError(.fileWriteUnknown) }
        close(descriptor)
        self.room = room
    }

    /// The run ended by itself, so there is nothing left to tell.
    deinit {
        munmap(room, size)
        unlink(path)
    }

    func note(_ bytes: [UInt8]) {
        room.storeBytes(of: UInt64(bytes.count), as: UInt64.self)
        bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            (room + 8).copyMemory(from: start, byteCount: min(bytes.count, size - 8))
        }
    }
}
