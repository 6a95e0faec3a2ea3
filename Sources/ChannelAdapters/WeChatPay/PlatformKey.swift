package import Commerce
import Foundation
import X509

/// By what the platform names the key it signed with.
///
/// A certificate's serial is a number in hexadecimal, so case and leading zeros say nothing; the id of a public key
/// is a text and nothing else.
package struct PlatformSerial: Hashable, Sendable, CustomStringConvertible {
    package let description: String
    package var isPublicKey: Bool { description.hasPrefix("PUB_KEY_ID_") }

    package init(_ text: String) {
        guard !text.hasPrefix("PUB_KEY_ID_"), !text.isEmpty, text.allSatisfy(\.isHexDigit) else { description = text; return }
        let number = text.uppercased().drop { $0 == "0" }
        description = number.isEmpty ? "0" : String(number)
    }
}

/// One key the platform signs with, and when it may.
package struct PlatformKey: Sendable {
    package let serial: PlatformSerial
    /// The serial as the platform writes it itself.
    package let name: String
    package let key: RSAPublicKey
    /// Of a certificate; a bare public key has no end.
    package let validity: ClosedRange<Timestamp>?

    package init(name: String, key: RSAPublicKey, validity: ClosedRange<Timestamp>? = nil) {
        self.name = name
        serial = PlatformSerial(name)
        self.key = key
        self.validity = validity
    }

    init(_ certificate: Certificate, _ field: String) throws(GatewayFault) {
        let from = Timestamp(milliseconds: Int64(certificate.notValidBefore.timeIntervalSince1970) * 1_000)
        let until = Timestamp(milliseconds: Int64(certificate.notValidAfter.timeIntervalSince1970) * 1_000)
        guard from <= until else { throw GatewayFault(field, "ends before it begins") }
        do throws(RSAKeyFault) {
            self.init(
                name: certificate.serialNumber.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(),
                key: try RSAPublicKey(certificate), validity: from...until)
        } catch { throw GatewayFault(field, error.reason) }
    }

    func isValid(at now: Timestamp) -> Bool { validity?.contains(now) ?? true }
}
