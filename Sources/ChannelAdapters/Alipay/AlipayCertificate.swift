import Commerce
import Crypto
import Foundation
import SwiftASN1
package import X509

/// A certificate of the platform's own authorities, with the serial its protocol calls it by.
package struct AlipayCertificate: Sendable {
    /// Lower-case hexadecimal MD5 of the issuer's name and the decimal serial number.
    package let serial: String
    /// Whether it was signed with RSA: others stand in the bundle of roots and count for nothing.
    package let isRSASigned: Bool
    let certificate: Certificate

    package init(_ certificate: Certificate) {
        self.certificate = certificate
        // `description` of a name is in the order of RFC 2253, the last first, which is what is hashed.
        let named = "\(certificate.issuer)" + AlipayCertificate.decimal(Array(certificate.serialNumber.bytes))
        serial = Insecure.MD5.hash(data: Array(named.utf8)).map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
        isRSASigned = [
            .sha1WithRSAEncryption, .sha256WithRSAEncryption, .sha384WithRSAEncryption, .sha512WithRSAEncryption,
        ].contains(certificate.signatureAlgorithm)
    }

    /// Reads every certificate of a PEM text that can be read; the platform's bundle of roots has some that cannot.
    package static func all(in pem: String) -> [AlipayCertificate] {
        let begin = "-----BEGIN CERTIFICATE-----"
        let end = "-----END CERTIFICATE-----"
        return pem.components(separatedBy: begin).dropFirst().compactMap { piece in
            guard let body = piece.components(separatedBy: end).first else { return nil }
            do { return AlipayCertificate(try Certificate(pemEncoded: "\(begin)\n\(unbroken(body))\n\(end)\n")) } catch { return nil }
        }
    }

    /// The base64 of a certificate in lines of 64, as strict readers of PEM want it.
    private static func unbroken(_ body: String) -> String {
        let bare = Array(body.utf8.filter { $0 > 0x20 })
        return stride(from: 0, to: bare.count, by: 64).map { String(decoding: bare[$0..<min($0 + 64, bare.count)], as: UTF8.self) }
            .joined(separator: "\n")
    }

    /// What requests call the bundle of roots: the serials of those that are signed with RSA.
    package static func rootSerial(of bundle: [AlipayCertificate]) -> String {
        bundle.filter(\.isRSASigned).map(\.serial).joined(separator: "_")
    }

    func isValid(at now: Timestamp) -> Bool { begins <= now && now <= ends }
    private var begins: Timestamp { Timestamp(milliseconds: Int64(certificate.notValidBefore.timeIntervalSince1970 * 1_000)) }
    var ends: Timestamp { Timestamp(milliseconds: Int64(certificate.notValidAfter.timeIntervalSince1970 * 1_000)) }

    func wasIssued(by other: AlipayCertificate) -> Bool {
        certificate.issuer == other.certificate.subject
            && other.certificate.publicKey.isValidSignature(certificate.signature, for: certificate)
    }

    /// Whether it may sign others.
    var isAuthority: Bool {
        do {
            if case .isCertificateAuthority = try certificate.extensions.basicConstraints { return true }
            return false
        } catch { return false }
    }

    /// A number of any size, in decimal.
    private static func decimal(_ bytes: [UInt8]) -> String {
        var digits: [UInt8] = [0]
        for byte in bytes {
            var carry = Int(byte)
            for index in digits.indices {
                let value = Int(digits[index]) * 256 + carry
                digits[index] = UInt8(value % 10)
                carry = value / 10
            }
            while carry > 0 {
                digits.append(UInt8(carry % 10))
                carry /= 10
            }
        }
        return String(decoding: digits.reversed().map { $0 + 0x30 }, as: UTF8.self)
    }
}

/// Whom an account trusts to say which keys are the platform's.
struct AlipayTrust: Sendable {
    /// The bundle of roots.
    let roots: [AlipayCertificate]
    /// What stands beside the platform's certificate in the operator's own file: trusted because he put it there.
    let pinned: [AlipayCertificate]
    /// Whoever issued the platform's certificates so far.
    let issuers: Set<DistinguishedName>

    private static let lengthMax = 5

    private func isTrusted(_ certificate: AlipayCertificate, at now: Timestamp) -> Bool {
        (pinned + roots).contains { certificate.wasIssued(by: $0) && $0.isValid(at: now) }
    }

    /// Proves a chain that came over the wire: the leaf is of the issuer the operator's own one is of, and each is
    /// signed by the next, up to one that is trusted.
    ///
    /// The issuer counts because merchants' certificates hang below the same roots, and they are no platform's.
    func proves(_ chain: [AlipayCertificate], serial: String, at now: Timestamp) -> Bool {
        // An authority signs certificates and no answers.
        guard let leaf = chain.first, leaf.serial == serial, chain.count <= AlipayTrust.lengthMax, leaf.isValid(at: now), !leaf.isAuthority,
            issuers.contains(leaf.certificate.issuer)
        else { return false }
        var current = leaf
        for next in chain.dropFirst() where !isTrusted(current, at: now) {
            guard current.wasIssued(by: next), next.isAuthority, next.isValid(at: now) else { return false }
            current = next
        }
        return isTrusted(current, at: now)
    }
}
