import Foundation
import Testing

/// A server with a certificate nobody has signed, made for the test that runs it.
///
/// The certificate names 127.0.0.1 alone and serves as its own authority.
final class TLSServer {
    let certificateFile: String
    let port: Int
    private let process = Process()
    private let folder: URL

    enum Kind {
        /// `openssl s_server`: HTTP/1, a page about the connection.
        case openssl
        /// A Node server that offers HTTP/2 and answers with its version and session count.
        case node
    }

    /// - Parameter hasEnded: whether the certificate was good for January 2020 only.
    init(_ kind: Kind, hasEnded: Bool = false) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "heyi-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        certificateFile = folder.appending(path: "certificate.pem").path
        let keyFile = folder.appending(path: "key.pem").path
        if hasEnded {
            try TLSServer.makeEnded(keyFile, certificateFile, in: folder)
        } else {
            try TLSServer.run([
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", keyFile, "-out", certificateFile, "-days", "2", "-subj", "/CN=heyi test",
                "-addext", "subjectAltName=IP:127.0.0.1",
            ])
        }
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            switch kind {
            case .openssl:
                ["openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", certificateFile, "-key", keyFile]
            case .node: ["node", "-e", TLSServer.script, certificateFile, keyFile]
            }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = Pipe()
        try process.run()
        // Both say "ACCEPT 127.0.0.1:<port>" once they listen.
        var said = ""
        while !said.contains("\n") || said.split(separator: "\n").allSatisfy({ !$0.contains("ACCEPT") }) {
            let some = output.fileHandleForReading.availableData
            guard !some.isEmpty else { throw CocoaError(.executableLoad) }
            said += String(decoding: some, as: UTF8.self)
        }
        let line = said.split(separator: "\n").first { $0.contains("ACCEPT") } ?? ""
        port = Int(line.split(separator: ":").last ?? "") ?? 0
    }

    deinit {
        // A child started from a Dispatch thread inherits its signal mask, where TERM is blocked.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        do {
            try FileManager.default.removeItem(at: folder)
        } catch {
            Issue.record("the test's folder stays behind: \(error)")
        }
    }

    static func isInstalled(_ command: String) -> Bool {
        do {
            try run([command, "version"])
            return true
        } catch {
            return false
        }
    }

    /// Only `openssl ca` lets a certificate end in the past.
    private static func makeEnded(_ keyFile: String, _ certificateFile: String, in folder: URL) throws {
        let request = folder.appending(path: "request.pem").path
        let settings = folder.appending(path: "ca.cnf")
        try """
            [ca]
            default_ca=d
            [d]
            database=\(folder.path)/index
            serial=\(folder.path)/serial
            new_certs_dir=\(folder.path)
            default_md=sha256
            policy=p
            x509_extensions=x
            [p]
            commonName=supplied
            [x]
            subjectAltName=IP:127.0.0.1
            basicConstraints=CA:TRUE
            """.write(to: settings, atomically: true, encoding: .utf8)
        try Data().write(to: folder.appending(path: "index"))
        try Data("01\n".utf8).write(to: folder.appending(path: "serial"))
        try run([
            "openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", keyFile,
            "-out", request, "-subj", "/CN=heyi test",
        ])
        try run([
            "openssl", "ca", "-batch", "-config", settings.path, "-selfsign", "-keyfile", keyFile, "-in", request, "-out",
            certificateFile, "-notext", "-startdate", "20200101000000Z", "-enddate", "20200201000000Z",
        ])
    }

    private static func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    }

    private static let script = """
        const fs = require('fs'), http2 = require('http2');
        let sessions = 0;
        const server = http2.createSecureServer(
          {cert: fs.readFileSync(process.argv[1]), key: fs.readFileSync(process.argv[2]), allowHTTP1: true});
        server.on('session', () => { sessions += 1; });
        server.on('request', (request, response) => {
          let size = 0;
          request.on('data', chunk => { size += chunk.length; });
          request.on('end', () => response.end(`${request.httpVersion} ${sessions} ${size}`));
        });
        server.listen(0, '127.0.0.1', () => console.log('ACCEPT 127.0.0.1:' + server.address().port));
        """
}
