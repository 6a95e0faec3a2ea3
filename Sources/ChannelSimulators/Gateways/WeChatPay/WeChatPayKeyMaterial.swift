package import ChannelAdapters
package import Commerce
import Foundation
import SwiftASN1
import X509

/// The keys of one simulated merchant and of the platform before it.
///
/// Making them takes a while; a program makes them once and gives them to as many simulators as it wants.
package struct WeChatPayKeyMaterial: Sendable {
    package let merchant: String
    package let serial: String
    package let merchantKey: RSAPrivateKey
    package let apiV3Key: String
    package let appID: String
    /// The platform's two certificates: in force, and its successor.
    package let certificates: [Certified]
    package let publicKeyID: String
    package let publicKey: RSAPrivateKey
    /// PEM of who issued the certificates.
    package let root: String

    package struct Certified: Sendable {
        package let serial: String
        package let key: RSAPrivateKey
        package let pem: String
    }

    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    /// Makes all of it, valid from a day before `now` for five years.
    package static func make(merchant: String = "1900000109", at now: Timestamp) throws(Fault) -> WeChatPayKeyMaterial {
        do {
            let rootKey = try RSAPrivateKey.make()
            let root = try certificate(of: rootKey, by: rootKey, serial: [0x01], name: "Simulated Tenpay.com Root CA", at: now)
            let serials: [[UInt8]] = [Array(repeating: 0x5A, count: 20), [0x0B] + Array(repeating: 0xC4, count: 19)]
            let certificates = try serials.map { serial in
                let key = try RSAPrivateKey.make()
                return Certified(
                    serial: serial.map { hex($0) }.joined(), key: key,
                    pem: try certificate(of: key, by: rootKey, serial: serial, name: "Simulated Tenpay.com sign", at: now))
            }
            return WeChatPayKeyMaterial(
                merchant: merchant, serial: "3775B6A45ACD588826D15E583A95F5DD12345678", merchantKey: try .make(),
                apiV3Key: "simulated-apiv3-key-of-32-bytes!", appID: "wxd678efh567hg6787", certificates: certificates,
                publicKeyID: "PUB_KEY_ID_0119000001092026120100000000000001", publicKey: try .make(), root: root)
        } catch { throw Fault(description: "\(error)") }
    }

    private static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true) }

    private static func certificate(
        of key: RSAPrivateKey, by issuer: RSAPrivateKey, serial: [UInt8], name: String, at now: Timestamp
    ) throws -> String {
        let start = Date(timeIntervalSince1970: Double(now.milliseconds / 1_000 - 86_400))
        let issuerKey = try Certificate.PrivateKey(pemEncoded: issuer.pem.revealed)
        return try Certificate(
            version: .v3, serialNumber: .init(bytes: serial), publicKey: .init(pemEncoded: key.publicKey.pem), notValidBefore: start,
            notValidAfter: start.addingTimeInterval(5 * 365 * 86_400),
            issuer: DistinguishedName { CommonName("Simulated Tenpay.com Root CA") }, subject: DistinguishedName { CommonName(name) },
            signatureAlgorithm: .sha256WithRSAEncryption, extensions: .init(), issuerPrivateKey: issuerKey
        ).serializeAsPEM().pemString
    }

    /// How an account knows the platform.
    package enum Mode: String, CaseIterable, Sendable { case certificate, publicKey = "public-key" }

    /// The merchant's account as its operator would configure it.
    package func account(
        _ id: ChannelID, mode: Mode = .certificate, endpoint: String, callbackURL: String?, settings more: [String: String] = [:]
    ) -> GatewayAccount {
        var settings = ["mchid": merchant, "serial": serial, "app_id": appID, "endpoint": endpoint, "allow_private_addresses": "true"]
        var secrets = ["merchant_key": [merchantKey.pem], "api_v3_key": [Secret(apiV3Key)]]
        if mode == .publicKey {
            settings["platform_public_key_id"] = publicKeyID
            secrets["platform_public_key"] = [Secret(publicKey.publicKey.pem)]
        } else {
            secrets["platform_root"] = [Secret(root)]
        }
        return GatewayAccount(
            id: id, kind: .weChatPay, settings: settings.merging(more) { _, new in new }, secrets: secrets, callbackURL: callbackURL)
    }
}
