import ChannelAdapters
import Commerce
import Foundation

/// What the platform answers, before it is signed.
struct WeChatPayReply: Sendable {
    let status: Int
    let body: [UInt8]
    var isSigned = true
    var isFile = false

    static func ok(_ json: JSON) -> WeChatPayReply { WeChatPayReply(status: 200, body: json.bytes) }
    static let noContent = WeChatPayReply(status: 204, body: [])
    static let systemError = failure(500, "SYSTEM_ERROR", "系统繁忙，请稍后重试")

    static func failure(_ status: Int, _ code: String, _ message: String, isSigned: Bool = true) -> WeChatPayReply {
        let json: JSON = ["code": .string(code), "message": .string(message)]
        return WeChatPayReply(status: status, body: json.bytes, isSigned: isSigned)
    }

    static func json(_ body: [UInt8]) -> JSON? {
        do throws(JSONError) { return try JSON.parse(body) } catch { return nil }
    }

    static func opened(_ sealed: String, _ key: RSAPrivateKey) -> [UInt8]? {
        guard let bytes = Data(base64Encoded: sealed) else { return nil }
        do throws(RSAKeyFault) { return try key.decrypt(Array(bytes)) } catch { return nil }
    }
}
