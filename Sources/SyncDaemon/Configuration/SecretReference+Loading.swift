import ChannelAdapters
import Glibc

/// Why a secret could not be taken, in words that name its place and never its text.
struct SecretProblem: Error, Hashable, Sendable, CustomStringConvertible {
    let description: String
}

extension SecretReference {
    private static let bytesMax = 4_096

    /// Reads the secret, without white space around it.
    ///
    /// - Parameters:
    ///   - credentials: `$CREDENTIALS_DIRECTORY`; nil outside systemd.
    ///   - bytesMax: a longer file is none.
    func load(credentials: String?, bytesMax: Int = bytesMax) throws(SecretProblem) -> Secret {
        switch self {
        case .file(let path): return try Self.read(path, named: description, bytesMax)
        case .credential(let name):
            guard let credentials else {
                throw SecretProblem(
                    description: "\(self) needs systemd: $CREDENTIALS_DIRECTORY is not set; add LoadCredential=\(name):/path to heyi.service, or use file:/path")
            }
            return try Self.read("\(credentials)/\(name)", named: description, bytesMax)
        }
    }

    private static func read(_ path: String, named name: String, _ bytesMax: Int) throws(SecretProblem) -> Secret {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else {
            throw SecretProblem(description: "\(name) cannot be opened: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw SecretProblem(description: "\(name) is not a regular file")
        }
        guard status.st_mode & 0o007 == 0 else {
            throw SecretProblem(description: "\(name) is open to everybody on this machine: chmod 0600 \(path)")
        }
        var bytes = [UInt8](repeating: 0, count: bytesMax + 1)
        let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        guard count >= 0 else {
            throw SecretProblem(description: "\(name) cannot be read: \(String(cString: strerror(errno)))")
        }
        guard count <= bytesMax else {
            throw SecretProblem(description: "\(name) has more than \(bytesMax) bytes: that is no secret")
        }
        bytes.removeLast(bytes.count - count)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SecretProblem(description: "\(name) is no text; a secret is whsec_ and base64, or a bearer token")
        }
        let secret = Secret(text)
        guard !secret.revealed.isEmpty else { throw SecretProblem(description: "\(name) is empty") }
        return secret
    }
}
