import ChannelAdapters
import ChannelSimulators
import Commerce
import Foundation
import Testing

/// Signatures and sealed texts go to implementations that are not ours and come from them.
@Suite struct WeChatPayPeerTests {
    private static let message = "GET\n/v3/certificates\n1760000000\nABC\n\n订单 \u{1F9E7}\n"

    /// `openssl` on the command line, through files; the key first, then what it is done with, both in base64.
    private static let openssl = """
        import sys, subprocess, tempfile, os, base64
        what, key, data, more = sys.argv[1], *[base64.b64decode(x) for x in sys.argv[2:5]]
        with tempfile.TemporaryDirectory() as d:
            p = lambda n, b: (open(os.path.join(d, n), 'wb').write(b), os.path.join(d, n))[1]
            k, m, s = p('k', key), p('m', data), p('s', more)
            oaep = ['-pkeyopt', 'rsa_padding_mode:oaep', '-pkeyopt', 'rsa_oaep_md:sha1', '-pkeyopt', 'rsa_mgf1_md:sha1']
            runs = {'sign': ['dgst', '-sha256', '-sign', k, m], 'sign1': ['dgst', '-sha1', '-sign', k, m],
                'verify': ['dgst', '-sha256', '-verify', k, '-signature', s, m],
                'encrypt': ['pkeyutl', '-encrypt', '-pubin', '-inkey', k, '-in', m] + oaep,
                'decrypt': ['pkeyutl', '-decrypt', '-inkey', k, '-in', m] + oaep,
                'pkcs1': ['rsa', '-in', k, '-traditional']}
            r = subprocess.run(['openssl'] + runs[what], capture_output=True)
            if r.returncode != 0: sys.exit(r.stderr.decode())
            print(base64.b64encode(r.stdout).decode())
        """

    private func openssl(_ what: String, _ key: String, _ data: [UInt8] = [], _ more: [UInt8] = []) throws -> [UInt8] {
        let arguments = [what] + [Array(key.utf8), data, more].map { Data($0).base64EncodedString() }
        let answer = try PythonPeer.run(Self.openssl, arguments).trimmingCharacters(in: .whitespacesAndNewlines)
        return Array(try #require(Data(base64Encoded: answer)))
    }

    private func python(_ body: String, _ arguments: [String]) throws -> String {
        let head = """
            import sys, base64, json
            from cryptography.hazmat.primitives import hashes, serialization
            from cryptography.hazmat.primitives.asymmetric import padding
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM
            from cryptography import x509
            b = base64.b64decode

            """
        return try PythonPeer.run(head + body, arguments).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func key() throws -> RSAPrivateKey { try WeChatPayStage.keys.get().merchantKey }
    private func encoded(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    @Test func `openssl takes our signature, and we take openssl's`() throws {
        let key = try key()
        let bytes = Array(Self.message.utf8)
        #expect(try String(decoding: openssl("verify", key.publicKey.pem, bytes, key.sign(bytes)), as: UTF8.self).contains("Verified OK"))
        #expect(throws: PythonPeer.Failure.self) { try openssl("verify", key.publicKey.pem, bytes + [0], key.sign(bytes)) }
        #expect(key.publicKey.verifies(try openssl("sign", key.pem.revealed, bytes), of: bytes))
        #expect(key.publicKey.verifies(try openssl("sign1", key.pem.revealed, bytes), of: bytes, .sha1))
        #expect(!key.publicKey.verifies(try openssl("sign1", key.pem.revealed, bytes), of: bytes))
    }

    @Test func `a key in the old form of PEM, or bare, is the same key`() throws {
        let key = try key()
        let old = String(decoding: try openssl("pkcs1", key.pem.revealed), as: UTF8.self)
        #expect(old.contains("BEGIN RSA PRIVATE KEY"))
        #expect(try RSAPrivateKey(Secret(old)).publicKey.pem == key.publicKey.pem)
        let bare = key.pem.revealed.split(separator: "\n").dropFirst().dropLast().joined()
        #expect(try RSAPrivateKey(Secret(bare)).publicKey.pem == key.publicKey.pem)
        #expect(try RSAPublicKey(key.publicKey.pem.split(separator: "\n").dropFirst().dropLast().joined()).pem == key.publicKey.pem)
        for text in ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "AAAA", "not a key", key.publicKey.pem] {
            #expect(throws: RSAKeyFault.self) { try RSAPrivateKey(Secret(text)) }
        }
    }

    @Test func `cryptography takes our signature, and we take cryptography's`() throws {
        let key = try key()
        let bytes = Array(Self.message.utf8)
        let answer = try python(
            """
            key = serialization.load_pem_private_key(b(sys.argv[1]), None)
            key.public_key().verify(b(sys.argv[2]), b(sys.argv[3]), padding.PKCS1v15(), hashes.SHA256())
            print(base64.b64encode(key.sign(b(sys.argv[3]) + b'!', padding.PKCS1v15(), hashes.SHA256())).decode())
            """, [encoded(Array(key.pem.revealed.utf8)), encoded(key.sign(bytes)), encoded(bytes)])
        #expect(key.publicKey.verifies(Array(try #require(Data(base64Encoded: answer))), of: bytes + [0x21]))
    }

    @Test func `secrets go both ways with openssl and with cryptography`() throws {
        let key = try key()
        let text = Array("张三 6222020000000000000".utf8)
        #expect(try openssl("decrypt", key.pem.revealed, key.publicKey.encrypt(text)) == text)
        #expect(try key.decrypt(openssl("encrypt", key.publicKey.pem, text)) == text)
        let answer = try python(
            """
            key = serialization.load_pem_private_key(b(sys.argv[1]), None)
            oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
            assert key.decrypt(b(sys.argv[2]), oaep) == b(sys.argv[3])
            print(base64.b64encode(key.public_key().encrypt(b(sys.argv[3]), oaep)).decode())
            """, [encoded(Array(key.pem.revealed.utf8)), encoded(key.publicKey.encrypt(text)), encoded(text)])
        #expect(try key.decrypt(Array(try #require(Data(base64Encoded: answer)))) == text)
        #expect(throws: RSAKeyFault.self) { try key.publicKey.encrypt(Array(repeating: 1, count: 300)) }
    }

    @Test(arguments: ["", "transaction", "证书"]) func `sealed texts go both ways with cryptography`(associated: String) throws {
        let cipher = WeChatPayCipher(key: Secret("simulated-apiv3-key-of-32-bytes!"))
        let text = Array(#"{"mchid":"1900000109"}"#.utf8)
        let answer = try python(
            """
            gcm = AESGCM(b'simulated-apiv3-key-of-32-bytes!')
            assert gcm.decrypt(b'0123456789ab', b(sys.argv[1]), b(sys.argv[3])) == b(sys.argv[2])
            print(base64.b64encode(gcm.encrypt(b'ba9876543210', b(sys.argv[2]), b(sys.argv[3]))).decode())
            """,
            [cipher.seal(text, nonce: "0123456789ab", associated: associated), encoded(text), encoded(Array(associated.utf8))])
        #expect(try cipher.open(answer, nonce: "ba9876543210", associated: associated) == text)
    }

    @Test func `the simulated platform's callbacks are genuine to cryptography, and its certificate is issued by its root`() async throws {
        let stage = try WeChatPayStage()
        _ = try await stage.paid(stage.attempt())
        let callback = try #require(stage.told().first)
        let keys = stage.simulator.keys
        let headers = callback.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
        let answer = try python(
            """
            head = dict(line.split(': ', 1) for line in b(sys.argv[1]).decode().split('\\n'))
            body, cert, root = b(sys.argv[2]), x509.load_pem_x509_certificate(b(sys.argv[3])), x509.load_pem_x509_certificate(b(sys.argv[4]))
            cert.verify_directly_issued_by(root)
            assert cert.serial_number == int(head['wechatpay-serial'], 16)
            message = head['wechatpay-timestamp'].encode() + b'\\n' + head['wechatpay-nonce'].encode() + b'\\n' + body + b'\\n'
            cert.public_key().verify(b(head['wechatpay-signature']), message, padding.PKCS1v15(), hashes.SHA256())
            note = json.loads(body)['resource']
            plain = AESGCM(sys.argv[5].encode()).decrypt(note['nonce'].encode(), b(note['ciphertext']), note['associated_data'].encode())
            print(json.loads(plain)['amount']['total'], json.loads(plain)['out_trade_no'])
            """,
            [
                encoded(Array(headers.utf8)), encoded(callback.body), encoded(Array(keys.certificates[0].pem.utf8)),
                encoded(Array(keys.root.utf8)), keys.apiV3Key,
            ])
        #expect(answer == "12345 20261201-k3v9q0m2ab-a1")
    }

    @Test func `our Authorization is genuine to cryptography`() async throws {
        let recorder = Recorder()
        let stage = try WeChatPayStage(over: { recorder.over($0) })
        _ = await stage.payments.ask(try stage.attempt(), of: WeChatPayStage.order)
        for request in recorder.requests {
            let authorization = try #require(request.headers.first { $0.name == "Authorization" }?.value)
            let target = String(request.url.dropFirst("https://\(WeChatPayStage.host)".count))
            _ = try python(
                """
                import re
                parts = dict(re.findall(r'(\\w+)="([^"]*)"', sys.argv[1]))
                message = '\\n'.join([sys.argv[2], sys.argv[3], parts['timestamp'], parts['nonce_str'], '', '']).encode()
                serialization.load_pem_public_key(b(sys.argv[4])).verify(b(parts['signature']), message, padding.PKCS1v15(), hashes.SHA256())
                """,
                [authorization, request.method.rawValue, target, encoded(Array(stage.simulator.keys.merchantKey.publicKey.pem.utf8))])
        }
        #expect(recorder.requests.count == 2)
    }
}
