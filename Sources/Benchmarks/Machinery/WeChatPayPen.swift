import ChannelAdapters
import Commerce
import Foundation

/// Writes callbacks as WeChat Pay does: sealed with the merchant's APIv3 key, signed with the platform's.
package struct WeChatPayPen {
    static let merchant = "1900000109"
    static let app = "wxd678efh567hg6787"
    static let apiV3Key = "benchmark-apiv3-key-of-32-bytes!"
    static let keyID = "PUB_KEY_ID_0119000001092026120100000000000001"
    private let key: RSAPrivateKey
    private let cipher = WeChatPayCipher(key: Secret(apiV3Key))

    /// - Parameter key: PEM of the platform's private key.
    package init(key: String) throws { self.key = try RSAPrivateKey(Secret(key)) }

    /// A refund by hand that was closed: it is opened, read and compared as all that is about money, and changes no order.
    func request(id: String, to gateway: String) throws -> [UInt8] {
        let content: JSON = [
            "mchid": .string(WeChatPayPen.merchant), "transaction_id": .string("4200000000\(id)"), "out_trade_no": .string("trade-\(id)"),
            "refund_id": .string("50000000\(id)"), "out_refund_no": .string("console/\(id)"), "refund_status": "CLOSED",
            "user_received_account": "招商银行信用卡0403", "amount": ["total": 12_345, "refund": 345, "payer_total": 12_345, "payer_refund": 345],
        ]
        let nonce = String(String(id.reversed()).appending("000000000000").prefix(12))
        let body = JSON.object(
            JSONObject([
                ("id", .string(id)), ("create_time", "2026-12-01T10:00:00+08:00"), ("resource_type", "encrypt-resource"), ("event_type", "REFUND.CLOSED"),
                ("summary", "退款关闭"),
                (
                    "resource",
                    [
                        "original_type": "refund", "algorithm": "AEAD_AES_256_GCM", "associated_data": "refund", "nonce": .string(nonce),
                        "ciphertext": .string(try cipher.seal(content.bytes, nonce: nonce, associated: "refund")),
                    ]
                ),
            ])
        ).bytes
        let stamp = String(HostTime().now().milliseconds / 1_000)
        let signature = Data(try key.sign(WeChatPaySignature.message(stamp, nonce, body))).base64EncodedString()
        let head = """
            POST /v1/gateways/\(gateway) HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nwechatpay-timestamp: \(stamp)\r\n\
            wechatpay-nonce: \(nonce)\r\nwechatpay-serial: \(WeChatPayPen.keyID)\r\nwechatpay-signature: \(signature)\r\n\
            content-length: \(body.count)\r\n\r\n
            """
        return Array(head.utf8) + body
    }
}
