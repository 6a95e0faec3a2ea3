import Foundation

/// Why a bundle could not be packed, and what to do.
struct SupportArchiveFault: Error, CustomStringConvertible { let description: String }

/// Packs a bundle with the system's `tar`.
enum SupportArchive {
    /// Writes a new file that only its owner may read; an existing one is never overwritten.
    ///
    /// - Parameter name: The folder everything in the archive lies in.
    static func write(_ bundle: SupportBundle, to path: String, named name: String) throws(SupportArchiveFault) {
        let folder = try privateFolder()
        defer { discard(folder) }
        try fill("\(folder)/\(name)", bundle)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw SupportArchiveFault(description: "\(path) cannot be created: \(String(cString: strerror(errno))); choose another --output")
        }
        defer { close(descriptor) }
        do throws(SupportArchiveFault) { try pack(folder, name, into: descriptor) } catch {
            unlink(path)
            throw error
        }
    }

    private static func privateFolder() throws(SupportArchiveFault) -> String {
        var template = Array((FileManager.default.temporaryDirectory.path + "/heyi-support-XXXXXX").utf8CString)
        // It is made with mode 0700.
        guard mkdtemp(&template) != nil else {
            throw SupportArchiveFault(description: "no temporary folder can be made: \(String(cString: strerror(errno))); set TMPDIR")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func fill(_ folder: String, _ bundle: SupportBundle) throws(SupportArchiveFault) {
        guard mkdir(folder, 0o700) == 0 else {
            throw SupportArchiveFault(description: "\(folder) cannot be made: \(String(cString: strerror(errno)))")
        }
        for file in bundle.files {
            let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
            guard FileManager.default.createFile(atPath: "\(folder)/\(file.name)", contents: Data(file.bytes), attributes: attributes) else {
                throw SupportArchiveFault(description: "\(folder)/\(file.name) cannot be written; is there room in \(folder)?")
            }
        }
    }

    private static func pack(_ folder: String, _ name: String, into descriptor: Int32) throws(SupportArchiveFault) {
        let tar = Process()
        tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        tar.arguments = [
            "tar", "--create", "--gzip", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mode=u=rwX,go=",
            "--directory", folder, "--file", "-", name,
        ]
        tar.standardInput = FileHandle.nullDevice
        tar.standardOutput = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        do { try tar.run() } catch {
            throw SupportArchiveFault(description: "tar cannot be run: \(error); apt-get install tar gzip")
        }
        tar.waitUntilExit()
        guard tar.terminationStatus == 0 else {
            throw SupportArchiveFault(description: "tar ended with \(tar.terminationStatus); is there room where the bundle goes?")
        }
    }

    private static func discard(_ folder: String) {
        do { try FileManager.default.removeItem(atPath: folder) } catch {
            Terminal.say("heyi: \(folder) stays behind: \(error)")
        }
    }
}
