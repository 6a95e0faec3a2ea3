import Commerce
import X509

/// What requests in certificate mode call the two certificates by.
struct AlipayCertificateNames: Sendable {
    let app: String
    let root: String
    /// Until when the application's own is valid.
    let appEnds: Timestamp
}

extension AlipayAccount {
    typealias Identity = (keys: [(serial: String?, key: RSAPublicKey)], certificates: AlipayCertificateNames?, trust: AlipayTrust)

    /// Who the platform is to this account: by plain keys or by certificates, never by both.
    static func identity(_ account: GatewayAccount) throws(GatewayFault) -> Identity {
        let plain = account.secrets["alipay_public_keys"] ?? []
        let bound = account.secrets["alipay_certificates"] ?? []
        guard let app = account.secrets["app_certificate"]?.first else {
            guard bound.isEmpty else { throw GatewayFault("app_certificate", "is required with alipay_certificates: a file") }
            guard !plain.isEmpty else { throw GatewayFault("alipay_public_keys", "is required: files, or app_certificate in its place") }
            var keys: [(serial: String?, key: RSAPublicKey)] = []
            for secret in plain {
                do throws(RSAKeyFault) { keys.append((nil, try RSAPublicKey(secret.revealed))) } catch {
                    throw GatewayFault("alipay_public_keys", error.reason)
                }
            }
            return (keys, nil, AlipayTrust(roots: [], pinned: [], issuers: []))
        }
        guard plain.isEmpty else { throw GatewayFault("alipay_public_keys", "is not used with app_certificate: leave one out") }
        guard let own = AlipayCertificate.all(in: app.revealed).first else { throw GatewayFault("app_certificate", "is no certificate in PEM") }
        let roots = AlipayCertificate.all(in: try account.requiredSecret("alipay_root_certificate").revealed)
        let root = AlipayCertificate.rootSerial(of: roots)
        guard !root.isEmpty else { throw GatewayFault("alipay_root_certificate", "has no certificate that is signed with RSA") }
        guard !bound.isEmpty else { throw GatewayFault("alipay_certificates", "is required with app_certificate: files") }
        var keys: [(serial: String?, key: RSAPublicKey)] = []
        var pinned: [AlipayCertificate] = []
        var leaves: [AlipayCertificate] = []
        for secret in bound {
            let chain = AlipayCertificate.all(in: secret.revealed)
            guard let leaf = chain.first else { throw GatewayFault("alipay_certificates", "is no certificate in PEM") }
            do throws(RSAKeyFault) { keys.append((leaf.serial, try RSAPublicKey(leaf.certificate))) } catch {
                throw GatewayFault("alipay_certificates", error.reason)
            }
            leaves.append(leaf)
            pinned += chain.dropFirst()
        }
        return (
            keys, AlipayCertificateNames(app: own.serial, root: root, appEnds: own.ends),
            AlipayTrust(roots: roots, pinned: pinned, issuers: Set(leaves.map(\.certificate.issuer)))
        )
    }
}
