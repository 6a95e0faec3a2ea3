import Commerce
import Foundation

@testable import ChannelAdapters

extension FuzzTarget {
    static let gatewayFiles: [FuzzTarget] = [weChatPayBill, alipayBill, archive, envelope, weChatPayCertificates, alipayCertificates]

    private static let weChatPayBill = FuzzTarget(
        name: "wechatpay-bill", dictionary: [",`", "`", "\r\n", "`0.00", "`-1.00", "总交易单数", "SUCCESS", "REFUND", "`CNY", "\u{FEFF}"], cost: 4, bytesMax: 8_192
    ) { bytes in
        do throws(ValidationFailure) {
            let bill = try WeChatPayTradeBill.read(bytes, merchant: SampleAccounts.merchant)
            return complaint(bill)
        } catch {
            do throws(ValidationFailure) {
                let flow = try WeChatPayFundFlow(bytes)
                return flow.movements.lazy.compactMap { Sound.complaint($0.amount) }.first
            } catch { return Property.explained("\(error)", mayQuote: true) }
        }
    }

    /// One file of an archive, in GBK.
    private static let alipayBill = FuzzTarget(
        name: "alipay-bill", dictionary: [",", "#", "\r\n", "\t", "0.00", "-1.00", "\u{2028}"], cost: 8, bytesMax: 8_192
    ) { bytes in
        do throws(ValidationFailure) { return complaint(try AlipayStatement.read([bytes])) } catch {
            return Property.explained("\(error)", mayQuote: true)
        }
    }

    private static func complaint(_ bill: Bill) -> String? {
        for line in bill.lines {
            if let wrong = Sound.complaint(line.amount) ?? Sound.name(line.transaction) { return wrong }
            for name in [line.number, line.reference] { if let name, let wrong = Sound.words(name, max: 64) { return wrong } }
        }
        return nil
    }

    /// Archives and compressed files: never more than they may become, whatever they say of themselves.
    private static let archive = FuzzTarget(
        name: "archives", dictionary: ["PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "/"], cost: 4, bytesMax: 8_192
    ) { bytes in
        var limits = ZipArchive.Limits()
        (limits.bytesMax, limits.entriesMax) = (20_000, 3)
        do throws(ValidationFailure) {
            let contents = try ZipArchive.contents(of: bytes, limits: limits)
            let sum = contents.reduce(0) { $0 + $1.count }
            guard contents.count <= limits.entriesMax, sum <= limits.bytesMax else { return "\(contents.count) files of \(sum) bytes are taken" }
        } catch { if let wrong = Property.explained("\(error)") { return wrong } }
        do throws(ValidationFailure) {
            let content = try Gunzip.read(bytes, bytesMax: 20_000)
            return content.count <= 20_000 ? nil : "\(content.count) bytes are unpacked"
        } catch { return Property.explained("\(error)") }
    }

    /// The walk that finds what was signed must see the members another reader of JSON sees.
    private static let envelope = FuzzTarget(
        name: "alipay-envelope", dictionary: ["\"sign\":\"", "_response\":", "\\/", "\\\"", "\\u005c", "\"alipay_cert_sn\":\"", "\"error_response\":{}"], cost: 2
    ) { bytes in
        let envelope: AlipayEnvelope
        do throws(ValidationFailure) { envelope = try AlipayEnvelope(bytes) } catch { return Property.explained("\(error)", mayQuote: true) }
        let json: JSON
        do throws(JSONError) { json = try JSON.parse(bytes) } catch {
            // What is no JSON as a whole proves nothing; its content is read by itself, and refused where it is none.
            return nil
        }
        let content: JSON
        do throws(JSONError) { content = try JSON.parse(envelope.content) } catch { return "of JSON a piece is cut that is none: \(error)" }
        guard json[envelope.name] == content else { return "the content of \(envelope.name) is another one's" }
        return json["sign"]?.string == envelope.signature ? nil : "the signature is \(envelope.signature ?? "none")"
    }

    private static let weChatPayCertificates = FuzzTarget(
        name: "wechatpay-certificates", dictionary: ["\"serial_no\":\"", "\"nonce\":\"", "\"associated_data\":\"\"", "\"data\":[]"], cost: 8, bytesMax: 8_192
    ) { bytes in
        let json: JSON
        do { json = try JSON.parse(bytes) } catch { return nil }
        do throws(ValidationFailure) {
            let keys = try WeChatPayCertificates.keys(json, ciphers: [WeChatPayCipher(key: SampleAccounts.apiV3Key)], roots: [], at: SampleAccounts.now)
            return keys.allSatisfy { $0.serial.description == "5A5A5A5A5A5A5A5A" } ? nil : "a key called \(keys.map(\.serial)) is taken"
        } catch { return Property.explained("\(error)", mayQuote: true) }
    }

    /// Of an account by certificates: whose were issued by the sample's root.
    private static let identity = Result {
        let own = [Secret(SampleAccounts.file("platform.crt"))]
        return try AlipayAccount.identity(
            GatewayAccount(
                id: ChannelID("sample")!, kind: .alipay, settings: [:],
                secrets: ["app_certificate": own, "alipay_certificates": own, "alipay_root_certificate": [Secret(SampleAccounts.file("root.crt"))]]))
    }

    private static let alipayCertificates = FuzzTarget(
        name: "alipay-certificates", dictionary: ["-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n", "\n", "MII"], cost: 10, bytesMax: 8_192
    ) { bytes in
        let chain = AlipayCertificate.all(in: String(decoding: bytes, as: UTF8.self))
        do {
            let trust = try identity.get().trust
            guard let leaf = chain.first, trust.proves(chain, serial: leaf.serial, at: SampleAccounts.now) else { return nil }
            let isOwn = try RSAPublicKey(leaf.certificate).pem == SampleAccounts.platformKey.publicKey.pem
            return isOwn ? nil : "a certificate nobody issued is trusted: \(leaf.serial)"
        } catch { return "\(error)" }
    }
}
