import ChannelAdapters
import ChannelSimulators
import Commerce
import Foundation
import Testing
import TestKit

@Suite struct AlipayVectorTests {
    private static func vector(_ name: String) throws -> String {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Vectors/alipay")
        return try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    @Test func `an answer the platform itself signed is genuine, and no byte of it may differ`() throws {
        let envelope = try AlipayEnvelope(Array(Self.vector("sync-answer.json").utf8))
        let key = try RSAPublicKey(Self.vector("sync-answer.key"))
        let text = try #require(envelope.signature)
        let signature = try #require(Data(base64Encoded: text))
        #expect(key.verifies(Array(signature), of: envelope.content))
        for index in stride(from: 0, to: envelope.content.count, by: 17) {
            var spoilt = envelope.content
            spoilt[index] ^= 1
            #expect(!key.verifies(Array(signature), of: spoilt))
        }
    }

    @Test(arguments: [
        ("appCertPublicKey_2021001161683774.crt", "866efef280dec9137a87d047ac446315"),
        ("alipayCertPublicKey_RSA2.crt", "7513daaaa48aa3ba2e4018d84402479c"),
    ])
    func `a certificate is called what the platform's own kit calls it`(file: String, serial: String) throws {
        let pem = try Self.vector(file)
        #expect(AlipayCertificate.all(in: pem).map(\.serial) == [serial])
        let theirs = try PythonPeer.run(
            "import sys; from alipay import DCAliPay; print(DCAliPay.get_cert_sn(sys.stdin.read()))", [], input: Array(pem.utf8))
        #expect(theirs == serial + "\n")
    }

    @Test func `the bundle of roots is called by its certificates signed with RSA alone`() throws {
        let bundle = try AlipayCertificate.all(in: Self.vector("alipayRootCert.crt"))
        #expect(AlipayCertificate.rootSerial(of: bundle) == "687b59193f3f462dd5336e5abf83c5d8_02941eef3187dddf3d3b83462e1dfcf6")
    }

    @Test func `a bundle with an entry that nobody can read loses only that entry`() throws {
        let bundle = try Self.vector("alipayRootCert.crt") + "\n-----BEGIN CERTIFICATE-----\nMIIB!!\n-----END CERTIFICATE-----\n"
        #expect(AlipayCertificate.rootSerial(of: AlipayCertificate.all(in: bundle)).hasPrefix("687b5919"))
        for cut in [0, 10, 27, 100, 2_000] { _ = AlipayCertificate.all(in: String(bundle.prefix(cut))) }
    }

    @Test func `python-alipay-sdk takes our page's address for one it could have signed`() async throws {
        let stage = try AlipayStage()
        let opening = try await stage.open(try stage.attempt(way: "page"))
        let url = try #require(opening["url"]?.string)
        let words = try PythonPeer.run(
            """
            import sys, json
            from urllib.parse import urlsplit, parse_qsl
            from alipay import AliPay
            given = json.load(sys.stdin)
            fields = dict(parse_qsl(urlsplit(given['url']).query, keep_blank_values=True, strict_parsing=True))
            sign = fields.pop('sign')
            kit = AliPay(appid='1', app_private_key_string=given['private'], alipay_public_key_string=given['public'])
            message = '&'.join('{}={}'.format(k, v) for k, v in sorted(fields.items()))
            assert kit._verify(message, sign), 'the signature is not ours'
            assert kit._sign(message) == sign, 'the kit signs otherwise'
            print(json.loads(fields['biz_content'])['total_amount'])
            """, [],
            input: (["url": .string(url), "private": .string(stage.simulator.merchantKey.pem.revealed),
                "public": .string(stage.simulator.merchantKey.publicKey.pem)] as JSON).bytes)
        #expect(words == "123.45\n")
    }

    @Test func `a request python-alipay-sdk signed is taken by the simulator, and its answer by the kit`() async throws {
        let stage = try AlipayStage()
        _ = try await stage.paid(try stage.attempt())
        let key = stage.simulator.merchantKey
        let body = try PythonPeer.run(
            """
            import sys, json
            from datetime import datetime
            from alipay import AliPay
            given = json.load(sys.stdin)
            kit = AliPay(appid=given['app'], app_private_key_string=given['private'], alipay_public_key_string=given['public'])
            sys.stdout.write(kit.client_api('alipay.trade.query', {'out_trade_no': given['number']}, timestamp=given['at']))
            """, [],
            input: (["app": .string(AlipaySimulator.appID), "private": .string(key.pem.revealed), "public": .string(key.publicKey.pem),
                "number": .string("\(AlipayStage.order)-a1"), "at": .string(BeijingTime.inBills(stage.time.now()))] as JSON).bytes)
        let outcome = stage.simulator.respond(
            to: SimulatedRequest(method: "POST", target: "/gateway.do", headers: [], body: Array(body.utf8)))
        guard case .answered(let answer) = outcome else { Issue.record("no answer"); return }
        let told = try PythonPeer.run(
            """
            import sys, json
            from alipay import AliPay
            given = json.load(sys.stdin)
            kit = AliPay(appid='1', app_private_key_string=given['private'], alipay_public_key_string=given['public'])
            print(kit._verify_and_return_sync_response(given['answer'], 'alipay_trade_query_response')['trade_status'])
            """, [],
            input: (["private": .string(key.pem.revealed), "public": .string(stage.simulator.signingKey.publicKey.pem),
                "answer": .string(String(decoding: answer.body, as: UTF8.self))] as JSON).bytes)
        #expect(told == "TRADE_SUCCESS\n")
    }

    @Test func `python-alipay-sdk and our receiver agree on the simulator's notifications`() async throws {
        let stage = try AlipayStage()
        _ = try await stage.paid(try stage.attempt())
        let callback = try #require(stage.due().first)
        #expect(throws: Never.self) { try stage.callbacks.verify(callback, at: stage.time.now()) }
        let words = try PythonPeer.run(
            """
            import sys, json
            from urllib.parse import parse_qsl
            from alipay import AliPay
            given = json.load(sys.stdin)
            fields = dict(parse_qsl(given['body'], keep_blank_values=True))
            sign = fields.pop('sign')
            kit = AliPay(appid='1', app_private_key_string=given['private'], alipay_public_key_string=given['public'])
            print(kit.verify(fields, sign))
            """, [],
            input: (["private": .string(stage.simulator.merchantKey.pem.revealed), "public": .string(stage.simulator.signingKey.publicKey.pem),
                "body": .string(String(decoding: callback.body, as: UTF8.self))] as JSON).bytes)
        #expect(words == "True\n")
    }

    @Test func `a notification openssl signed is genuine`() async throws {
        let stage = try AlipayStage()
        let fields = try await stage.genuine()
        let signed = fields.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        let sign = try PythonPeer.run(
            """
            import sys, json, subprocess, base64, tempfile
            given = json.load(sys.stdin)
            with tempfile.NamedTemporaryFile('w') as key:
                key.write(given['key']); key.flush()
                made = subprocess.run(['openssl', 'dgst', '-sha256', '-sign', key.name], input=given['text'].encode(), capture_output=True, check=True)
            sys.stdout.write(base64.b64encode(made.stdout).decode())
            """, [], input: (["key": .string(stage.simulator.signingKey.pem.revealed), "text": .string(signed)] as JSON).bytes)
        let all = fields.merging(["sign": sign, "sign_type": "RSA2"]) { _, given in given }
        let body = all.map { "\($0.key)=\($0.value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")" }.joined(separator: "&")
        #expect(try stage.callbacks.verify(GatewayCallback(body: Array(body.utf8)), at: stage.time.now()) == .keep(fields["notify_id"] ?? ""))
    }
}
