import Commerce
import SwiftASN1
import X509

/// A direct merchant of WeChat Pay, its settings read and found fit.
struct WeChatPayAccount: Sendable {
    let id: ChannelID
    let merchant: String
    /// Serial number of the merchant's own API certificate, by which the platform finds the key to our signatures.
    let serial: String
    let key: RSAPrivateKey
    /// Of every APIv3 key in force; the first is the newest.
    let ciphers: [WeChatPayCipher]
    let apps: [WeChatPayWay: String]
    let usualWay: WeChatPayWay
    /// Keys the operator handed over: public keys of the platform, and pinned certificates.
    let given: [PlatformKey]
    let roots: [Certificate]
    let tolerance: Duration
    let callbackURL: String?
    let url: String
    let addresses: AddressPolicy
    let h5Type: String
    let patience: Duration
    let billBytesMax: Int

    static let home = "https://api.mch.weixin.qq.com"

    static let settings: [GatewaySetting] = [
        GatewaySetting("mchid", required: true, purpose: "The merchant's number."),
        GatewaySetting("serial", required: true, purpose: "Serial number of the merchant's API certificate, in hexadecimal."),
        GatewaySetting("merchant_key", .secret, required: true, purpose: "Private key of that certificate: PEM."),
        GatewaySetting("api_v3_key", .secrets, required: true, purpose: "The APIv3 key, 32 characters; during a change the new one first."),
        GatewaySetting("app_id", required: true, purpose: "The app id buyers pay in, for every way that has none of its own."),
        GatewaySetting("app_id_jsapi", purpose: "App id of the official account."),
        GatewaySetting("app_id_mini", purpose: "App id of the mini program."),
        GatewaySetting("app_id_native", purpose: "App id for codes to scan."),
        GatewaySetting("app_id_h5", purpose: "App id for browsers on phones."),
        GatewaySetting("app_id_app", purpose: "App id of the mobile app."),
        GatewaySetting("way", purpose: "How buyers pay when the order does not say: jsapi, mini, native (usual), h5 or app."),
        GatewaySetting("h5_type", purpose: "Where browsers run: Wap (usual), iOS or Android."),
        GatewaySetting("platform_public_key", .secrets, purpose: "The platform's public keys: PEM, one file each."),
        GatewaySetting("platform_public_key_id", purpose: "Their ids (PUB_KEY_ID_…) in the same order, with commas between."),
        GatewaySetting("platform_certificate", .secrets, purpose: "Platform certificates to trust besides those that are downloaded."),
        GatewaySetting("platform_root", .secrets, purpose: "Root certificates; when given, no platform certificate of another issuer is taken."),
        GatewaySetting("clock_tolerance_seconds", purpose: "How old a signature may be; 300 when left out."),
        GatewaySetting("timeout_seconds", purpose: "How long an answer is waited for; 10 when left out."),
        GatewaySetting("bill_bytes_max", purpose: "The longest bill taken, uncompressed; 268435456 when left out."),
    ]

    init(_ account: GatewayAccount) throws(GatewayFault) {
        id = account.id
        merchant = try account.digits("mchid", in: 1...32)
        serial = try account.required("serial")
        guard serial.utf8.count <= 64, serial.allSatisfy(\.isHexDigit) else { throw GatewayFault("serial", "must be hexadecimal") }
        do { key = try RSAPrivateKey(account.requiredSecret("merchant_key")) } catch let fault as RSAKeyFault {
            throw GatewayFault("merchant_key", fault.reason)
        } catch let fault as GatewayFault { throw fault } catch { throw GatewayFault("merchant_key", "cannot be read") }
        _ = try account.requiredSecret("api_v3_key")
        ciphers = try (account.secrets["api_v3_key"] ?? []).map { secret throws(GatewayFault) in
            // The routine itself takes shorter keys; only this one is what the platform hands out.
            guard secret.revealed.utf8.count == 32 else { throw GatewayFault("api_v3_key", "must have 32 characters") }
            return WeChatPayCipher(key: secret)
        }
        let app = try account.required("app_id")
        apps = Dictionary(uniqueKeysWithValues: WeChatPayWay.allCases.map { ($0, account.settings["app_id_\($0.rawValue)"] ?? app) })
        guard apps.values.allSatisfy({ WeChatPayMembers.isCode($0, max: 32) }) else {
            throw GatewayFault("app_id", "must be 1 to 32 printable characters without spaces")
        }
        guard let way = WeChatPayWay(rawValue: account.settings["way"] ?? WeChatPayWay.native.rawValue) else {
            throw GatewayFault("way", "must be one of \(WeChatPayWay.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        usualWay = way
        given = try account.publicKeys() + account.certificates("platform_certificate").map { certificate throws(GatewayFault) in
            try PlatformKey(certificate, "platform_certificate")
        }
        roots = try account.certificates("platform_root")
        tolerance = .seconds(try account.whole("clock_tolerance_seconds", in: 1...3_600, usual: 300))
        patience = .seconds(try account.whole("timeout_seconds", in: 1...120, usual: 10))
        billBytesMax = try account.whole("bill_bytes_max", in: 1_024...2_147_483_647, usual: 268_435_456)
        h5Type = account.settings["h5_type"] ?? "Wap"
        callbackURL = account.callbackURL
        guard callbackURL?.contains("?") != true else { throw GatewayFault("callback_url", "must have no query") }
        (url, addresses) = account.endpoint(WeChatPayAccount.home)
    }

    func gateway(_ transport: any HTTPTransport, _ surroundings: Surroundings) throws(GatewayFault) -> Gateway {
        let ring = PlatformKeyRing(given: given)
        let client = WeChatPayClient(account: self, ring: ring, transport: transport, surroundings: surroundings)
        var gateway = Gateway(account: id, kind: .weChatPay)
        gateway.payments = WeChatPayGateway(account: self, client: client, surroundings: surroundings)
        gateway.callbacks = WeChatPayCallbacks(account: self, ring: ring)
        gateway.bills = WeChatPayBills(account: self, client: client)
        gateway.check = WeChatPayCheck(account: self, client: client, surroundings: surroundings)
        return gateway
    }
}

/// How a buyer pays.
package enum WeChatPayWay: String, CaseIterable, Sendable {
    case jsapi, mini, native, h5, app

    /// The platform's word in the path of a request; a mini program pays as an official account's page does.
    var word: String { self == .mini ? "jsapi" : rawValue }
}

extension GatewayAccount {
    fileprivate func digits(_ name: String, in lengths: ClosedRange<Int>) throws(GatewayFault) -> String {
        let text = try required(name)
        guard lengths.contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw GatewayFault(name, "must be digits")
        }
        return text
    }

    fileprivate func whole(_ name: String, in range: ClosedRange<Int>, usual: Int) throws(GatewayFault) -> Int {
        guard let text = settings[name] else { return usual }
        guard let number = Int(text), range.contains(number) else {
            throw GatewayFault(name, "must be a whole number, \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    fileprivate func publicKeys() throws(GatewayFault) -> [PlatformKey] {
        let files = secrets["platform_public_key"] ?? []
        let names = (settings["platform_public_key_id"] ?? "").split(separator: ",").map { $0.filter { !$0.isWhitespace } }
        guard files.count == names.count else {
            throw GatewayFault("platform_public_key_id", "\(names.count) ids are given for \(files.count) keys")
        }
        return try zip(files, names).map { file, name throws(GatewayFault) in
            guard PlatformSerial(name).isPublicKey else { throw GatewayFault("platform_public_key_id", "must begin with PUB_KEY_ID_") }
            do throws(RSAKeyFault) { return PlatformKey(name: name, key: try RSAPublicKey(file.revealed)) } catch {
                throw GatewayFault("platform_public_key", error.reason)
            }
        }
    }

    fileprivate func certificates(_ name: String) throws(GatewayFault) -> [Certificate] {
        try (secrets[name] ?? []).map { file throws(GatewayFault) in
            do { return try Certificate(pemEncoded: file.revealed) } catch { throw GatewayFault(name, "is no certificate in PEM") }
        }
    }
}
