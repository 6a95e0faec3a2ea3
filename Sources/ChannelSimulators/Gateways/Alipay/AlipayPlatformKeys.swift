import ChannelAdapters
import Commerce
import Foundation
import SwiftASN1
import X509

/// The keys both sides were given, and what the platform needs to make new ones of its own.
struct AlipayPlatformKeys: Sendable {
    struct Own: Sendable {
        /// nil with plain keys.
        let serial: String?
        let key: RSAPrivateKey
        /// The certificate and its authority's; empty with plain keys.
        let chain: String
    }

    let merchant: RSAPrivateKey
    /// The last signs.
    private(set) var own: [Own]
    let app: (pem: String, serial: String)?
    let root: (pem: String, serial: String)?
    private let authority: AlipayAuthority?
    /// Made beforehand, for rotations; those of them that signed once come last again.
    private var spare: [Own] = []

    init(certified: Bool, spare count: Int = 0, at now: Timestamp) throws {
        merchant = try RSAPrivateKey.make()
        guard certified else {
            (own, app, root, authority) = ([Own(serial: nil, key: try RSAPrivateKey.make(), chain: "")], nil, nil, nil)
            spare = try (0..<count).map { _ in Own(serial: nil, key: try RSAPrivateKey.make(), chain: "") }
            return
        }
        let root = try AlipayAuthority(named: "Simulated Certification Authority R1", serial: 0x1F_CFA1, by: nil, at: now)
        let merchants = try AlipayAuthority(named: "Simulated Certification Authority Class 1 R1", serial: 0x2E_0401, by: root, at: now)
        let authority = try AlipayAuthority(named: "Simulated Certification Authority Class 2 R1", serial: 0x2E_0402, by: root, at: now)
        let app = try merchants.issue(to: merchant.publicKey, named: "2088-app", serial: 0x2020_0518, at: now)
        self.app = (app.pem, app.serial)
        self.root = (root.pem, AlipayCertificate.rootSerial(of: AlipayCertificate.all(in: root.pem)))
        self.authority = authority
        own = [try AlipayPlatformKeys.issue(authority, 1, at: now)]
        spare = try (0..<count).map { try AlipayPlatformKeys.issue(authority, UInt64(2 + $0), at: now) }
    }

    private static func issue(_ authority: AlipayAuthority, _ count: UInt64, at now: Timestamp) throws -> Own {
        let key = try RSAPrivateKey.make()
        let issued = try authority.issue(to: key.publicKey, named: "2088-alipay", serial: 0x2020_0514_0000 + count, at: now)
        return Own(serial: issued.serial, key: key, chain: issued.pem + "\n" + authority.pem)
    }

    var signing: Own { own[own.count - 1] }

    /// Signs with a new key from now on.
    mutating func rotate(at now: Timestamp) throws {
        if let next = spare.first {
            spare.removeFirst()
            // Never out of spare ones: the oldest goes out of force, and comes again.
            if own.count > spare.count { spare.append(own.removeFirst()) }
            own.append(next)
            return
        }
        let next: Own
        if let authority { next = try AlipayPlatformKeys.issue(authority, UInt64(own.count + 1), at: now) } else {
            next = Own(serial: nil, key: try RSAPrivateKey.make(), chain: "")
        }
        own.append(next)
    }
}

/// An authority of the simulated platform: a key and its certificate.
struct AlipayAuthority: Sendable {
    private let key: Certificate.PrivateKey
    private let certificate: Certificate
    let pem: String

    /// - Parameter by: who issued it; nil for one that issued itself.
    init(named name: String, serial: UInt64, by other: AlipayAuthority?, at now: Timestamp) throws {
        key = try Certificate.PrivateKey(pemEncoded: RSAPrivateKey.make().pem.revealed)
        let subject = try AlipayAuthority.name(name)
        certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(serial), publicKey: key.publicKey,
            notValidBefore: AlipayAuthority.date(now, days: -1), notValidAfter: AlipayAuthority.date(now, days: 3_650),
            issuer: other?.certificate.subject ?? subject, subject: subject, signatureAlgorithm: .sha256WithRSAEncryption,
            extensions: Certificate.Extensions { Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil)) },
            issuerPrivateKey: other?.key ?? key)
        pem = try certificate.serializeAsPEM().pemString
    }

    func issue(to key: RSAPublicKey, named name: String, serial: UInt64, at now: Timestamp) throws -> (pem: String, serial: String) {
        let issued = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(serial), publicKey: Certificate.PublicKey(pemEncoded: key.pem),
            notValidBefore: AlipayAuthority.date(now, days: -1), notValidAfter: AlipayAuthority.date(now, days: 730),
            issuer: certificate.subject, subject: AlipayAuthority.name(name), signatureAlgorithm: .sha256WithRSAEncryption,
            extensions: Certificate.Extensions { Critical(KeyUsage(digitalSignature: true, nonRepudiation: true)) },
            issuerPrivateKey: self.key)
        return (try issued.serializeAsPEM().pemString, AlipayCertificate(issued).serial)
    }

    private static func name(_ text: String) throws -> DistinguishedName {
        try DistinguishedName {
            CountryName("CN")
            OrganizationName("Simulated Financial")
            OrganizationalUnitName("Certification Authority")
            CommonName(text)
        }
    }

    private static func date(_ now: Timestamp, days: Int64) -> Date {
        Date(timeIntervalSince1970: Double(now.milliseconds / 1_000 + days * 86_400))
    }
}
