import Crypto
import CryptoExtras
import Foundation
import SwiftASN1
import X509

/// What is hashed with before an RSA signature of PKCS #1 v1.5 is made.
package enum RSADigest: Sendable {
    case sha256
    /// Only for platforms that still sign so.
    case sha1
}

/// Why a key cannot be used, or did not do its work; never shows it.
package struct RSAKeyFault: Error, Hashable, Sendable, CustomStringConvertible {
    package let reason: String
    package init(_ reason: String) { self.reason = reason }
    package var description: String { reason }
}

/// Signs, and opens what was encrypted for it.
package struct RSAPrivateKey: Sendable {
    private let key: _RSA.Signing.PrivateKey

    /// - Parameter secret: PEM of PKCS #8 or PKCS #1, or the base64 within it alone; 2,048 bits or more.
    package init(_ secret: Secret) throws(RSAKeyFault) {
        let text = secret.revealed
        guard !text.contains("ENCRYPTED") else { throw RSAKeyFault("is encrypted: a key without a passphrase is needed") }
        do {
            if text.hasPrefix("-----") {
                key = try _RSA.Signing.PrivateKey(pemRepresentation: text)
            } else {
                guard let der = Data(base64Encoded: RSAPrivateKey.unbroken(text)) else { throw RSAKeyFault("is neither PEM nor base64") }
                key = try _RSA.Signing.PrivateKey(derRepresentation: der)
            }
        } catch let fault as RSAKeyFault { throw fault } catch {
            throw RSAKeyFault("is no RSA private key of 2,048 bits or more in PEM")
        }
    }

    /// A new key, for simulators and tests.
    package static func make() throws(RSAKeyFault) -> RSAPrivateKey {
        do { return RSAPrivateKey(key: try _RSA.Signing.PrivateKey(keySize: .bits2048)) } catch {
            throw RSAKeyFault("no key could be made")
        }
    }

    private init(key: _RSA.Signing.PrivateKey) { self.key = key }

    package var publicKey: RSAPublicKey { RSAPublicKey(key: key.publicKey) }
    /// PEM of PKCS #8.
    package var pem: Secret { Secret(key.pkcs8PEMRepresentation) }

    package func sign(_ message: [UInt8], _ digest: RSADigest = .sha256) throws(RSAKeyFault) -> [UInt8] {
        do {
            let signature =
                switch digest {
                case .sha256: try key.signature(for: SHA256.hash(data: message), padding: .insecurePKCS1v1_5)
                case .sha1: try key.signature(for: Insecure.SHA1.hash(data: message), padding: .insecurePKCS1v1_5)
                }
            return Array(signature.rawRepresentation)
        } catch {
            throw RSAKeyFault("nothing could be signed with it")
        }
    }

    /// OAEP with SHA-1 in both its places.
    package func decrypt(_ sealed: [UInt8]) throws(RSAKeyFault) -> [UInt8] {
        do {
            let opener = try _RSA.Encryption.PrivateKey(derRepresentation: key.derRepresentation)
            return Array(try opener.decrypt(sealed, padding: .PKCS1_OAEP))
        } catch {
            throw RSAKeyFault("does not open what was given")
        }
    }

    static func unbroken(_ text: String) -> String { String(text.filter { !$0.isWhitespace }) }
}

/// Verifies signatures, and encrypts for whoever holds the private half.
package struct RSAPublicKey: Sendable {
    private let key: _RSA.Signing.PublicKey

    /// - Parameter text: PEM of a public key (SPKI or PKCS #1) or of a certificate, or the base64 within the first alone.
    package init(_ text: String) throws(RSAKeyFault) {
        let bare = Secret(text).revealed
        do {
            if bare.contains("BEGIN CERTIFICATE") {
                key = try RSAPublicKey.key(of: Certificate(pemEncoded: bare))
            } else if bare.hasPrefix("-----") {
                key = try _RSA.Signing.PublicKey(pemRepresentation: bare)
            } else {
                guard let der = Data(base64Encoded: RSAPrivateKey.unbroken(bare)) else { throw RSAKeyFault("is neither PEM nor base64") }
                key = try _RSA.Signing.PublicKey(derRepresentation: der)
            }
        } catch let fault as RSAKeyFault { throw fault } catch {
            throw RSAKeyFault("is no RSA public key of 2,048 bits or more, nor a certificate of one")
        }
    }

    init(_ certificate: Certificate) throws(RSAKeyFault) { key = try RSAPublicKey.key(of: certificate) }

    private static func key(of certificate: Certificate) throws(RSAKeyFault) -> _RSA.Signing.PublicKey {
        do { return try _RSA.Signing.PublicKey(derRepresentation: certificate.publicKey.serializeAsPEM().derBytes) } catch {
            throw RSAKeyFault("is no certificate of an RSA key of 2,048 bits or more")
        }
    }

    fileprivate init(key: _RSA.Signing.PublicKey) { self.key = key }

    /// PEM of SPKI.
    package var pem: String { key.pemRepresentation }

    package func verifies(_ signature: [UInt8], of message: [UInt8], _ digest: RSADigest = .sha256) -> Bool {
        let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
        return switch digest {
        case .sha256: key.isValidSignature(signature, for: SHA256.hash(data: message), padding: .insecurePKCS1v1_5)
        case .sha1: key.isValidSignature(signature, for: Insecure.SHA1.hash(data: message), padding: .insecurePKCS1v1_5)
        }
    }

    /// OAEP with SHA-1 in both its places.
    package func encrypt(_ message: [UInt8]) throws(RSAKeyFault) -> [UInt8] {
        do {
            let sealer = try _RSA.Encryption.PublicKey(derRepresentation: key.derRepresentation)
            return Array(try sealer.encrypt(message, padding: .PKCS1_OAEP))
        } catch {
            throw RSAKeyFault("cannot encrypt \(message.count) bytes")
        }
    }
}
