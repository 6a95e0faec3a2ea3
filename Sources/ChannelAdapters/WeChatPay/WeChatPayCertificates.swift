import Commerce
import Foundation
import SwiftASN1
import X509

extension WeChatPayClient {
    /// Fetches the platform's certificates and takes them, or leaves those that are known as they are.
    ///
    /// The answer is signed with a key that is in it. What is proven first is therefore that whoever sealed them holds
    /// the merchant's APIv3 key; only then do they prove the answer.
    func fetchCertificates() async {
        let now = surroundings.time.now()
        let response: HTTPResponse
        do throws(TransportError) { response = try await transport.send(try request(.get, "/v3/certificates")) } catch {
            return ring.fail("the certificates could not be fetched: \(WeChatPayClient.silence(error).silence ?? "no answer")")
        }
        guard response.status == 200, let json = WeChatPayClient.json(of: response) else {
            return ring.fail("the certificates could not be fetched: \(Complaint(response))")
        }
        do throws(ValidationFailure) {
            let keys = try WeChatPayCertificates.keys(json, ciphers: account.ciphers, roots: account.roots, at: now)
            guard !keys.isEmpty else { return ring.fail("the platform has no certificate for this merchant yet") }
            let trial = PlatformKeyRing(given: keys + account.given)
            do throws(WeChatPaySignature.Fault) {
                try WeChatPaySignature(response.headers).verify(response.body, with: trial, tolerance: account.tolerance, at: now)
            } catch {
                return ring.fail("the certificates came in an answer that is not theirs: \(error.reason)")
            }
            ring.take(keys, at: now)
        } catch {
            ring.fail("the certificates cannot be read: \(error)")
        }
    }
}

enum WeChatPayCertificates {
    /// The keys that are valid now, of a list of sealed certificates.
    ///
    /// - Throws: ``ValidationFailure`` when one cannot be opened or is not of the roots given: the whole list is in doubt then.
    static func keys(_ json: JSON, ciphers: [WeChatPayCipher], roots: [Certificate], at now: Timestamp) throws(ValidationFailure) -> [PlatformKey] {
        let list = try ValueReader.elements(json["data"] ?? .null, path: "data", max: 100)
        var keys: [PlatformKey] = []
        for (index, one) in list.enumerated() {
            let members = try WeChatPayMembers(one, path: "data[\(index)]")
            let serial = PlatformSerial(try members.code("serial_no", max: 64))
            let text = try WeChatPaySealed.open(try members.object("encrypt_certificate"), ciphers)
            let certificate: Certificate
            do { certificate = try Certificate(pemEncoded: String(decoding: text, as: UTF8.self)) } catch {
                throw members.fail("encrypt_certificate", "holds no certificate")
            }
            guard roots.isEmpty || roots.contains(where: { issued(certificate, by: $0, at: now) }) else {
                throw members.fail("encrypt_certificate", "was not issued by a root that is configured")
            }
            let key: PlatformKey
            do throws(GatewayFault) { key = try PlatformKey(certificate, "encrypt_certificate") } catch {
                throw members.fail("encrypt_certificate", error.reason)
            }
            guard key.serial == serial else { throw members.fail("serial_no", "is not that of the certificate") }
            if key.isValid(at: now) { keys.append(key) }
        }
        return keys
    }

    private static func issued(_ certificate: Certificate, by root: Certificate, at now: Timestamp) -> Bool {
        let seconds = Double(now.milliseconds / 1_000)
        return certificate.issuer == root.subject && root.publicKey.isValidSignature(certificate.signature, for: certificate)
            && root.notValidBefore.timeIntervalSince1970 <= seconds && seconds <= root.notValidAfter.timeIntervalSince1970
    }
}

/// A text the platform sealed with the merchant's APIv3 key.
enum WeChatPaySealed {
    static func open(_ members: WeChatPayMembers, _ ciphers: [WeChatPayCipher]) throws(ValidationFailure) -> [UInt8] {
        guard try members.required("algorithm", max: 32) == "AEAD_AES_256_GCM" else { throw members.fail("algorithm", "is not AEAD_AES_256_GCM") }
        let sealed = try members.required("ciphertext", max: 1_048_576)
        let nonce = try members.required("nonce", max: 64)
        let associated = try members.text("associated_data", max: 1_024) ?? ""
        var reason = "no key is configured"
        for cipher in ciphers {
            do throws(WeChatPayCipher.Fault) { return try cipher.open(sealed, nonce: nonce, associated: associated) } catch { reason = error.reason }
        }
        throw members.fail("ciphertext", reason)
    }
}
