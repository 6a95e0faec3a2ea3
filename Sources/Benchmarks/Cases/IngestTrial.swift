import ChannelAdapters
import Commerce
import Foundation

/// Signed callbacks over loopback HTTP into a real daemon: verified, kept durably, answered.
struct IngestTrial: Trial {
    /// Who calls, and so how it is proved.
    enum Sender: String { case channel = "ingest", weChatPay = "ingest-wechatpay" }

    var name: String { sender.rawValue }
    let unit = "callbacks/s"
    let reference: String? = "PostgreSQL 15, one-row inserts of 800 bytes by 64 clients, fsync on, no HTTP, no signatures"
    let bars: [Bar] = [.ratioAtLeast(1), .p99Below(50)]
    private let sender: Sender
    private let place: Workplace
    private let seconds: Int
    private var daemon: DaemonUnderTest?
    private var postgres: PostgresCluster?

    init(_ place: Workplace, from sender: Sender = .channel) {
        self.sender = sender
        self.place = place
        seconds = place.amount(4, 15)
    }

    mutating func prepare() async throws {
        let home = try place.scratch.directory(name)
        let made =
            switch sender {
            case .channel: try DaemonUnderTest(program: place.program, home: home, channels: [.init(id: "gateway")])
            case .weChatPay: try DaemonUnderTest(program: place.program, home: home, more: try IngestTrial.account(in: home))
            }
        daemon = made
        try made.start()
        postgres = try PostgresCluster.make(in: place.scratch, "postgres")
        try postgres?.query(
            "CREATE TABLE inbox (num bigserial PRIMARY KEY, event text NOT NULL UNIQUE, body text NOT NULL, state text NOT NULL)")
    }

    /// An account with keys made for it, in files beside the configuration.
    private static func account(in home: String) throws -> String {
        let platform = try RSAPrivateKey.make()
        for (name, text) in [
            ("platform.pem", platform.pem.revealed), ("platform.pub", platform.publicKey.pem), ("merchant.pem", try RSAPrivateKey.make().pem.revealed),
            ("api_v3_key", WeChatPayPen.apiV3Key),
        ] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(home)/\(name)"))
            chmod("\(home)/\(name)", 0o600)
        }
        return """
            gateways:
              - id: gateway
                kind: wechat-pay
                mchid: "\(WeChatPayPen.merchant)"
                serial: 3775B6A45ACD588826D15E583A95F5DD12345678
                app_id: \(WeChatPayPen.app)
                merchant_key: file:\(home)/merchant.pem
                api_v3_key: [file:\(home)/api_v3_key]
                platform_public_key: [file:\(home)/platform.pub]
                platform_public_key_id: \(WeChatPayPen.keyID)

            """
    }

    func measure(round: Int) async throws -> Sample {
        guard let daemon else { throw MeasuringFailed(description: "there is no daemon to measure") }
        let key = sender == .weChatPay ? ["--wechatpay-key", "\(daemon.home)/platform.pem"] : []
        return try daemon.load(["--channel", "gateway", "--batch", "r\(round)"] + key, seconds: seconds)
    }

    func measureReference(round: Int) async throws -> Sample? {
        guard let postgres else { return nil }
        let body = String(repeating: "x", count: 760)
        return Sample(
            try postgres.bench(
                script: "INSERT INTO inbox (event, body, state) VALUES (gen_random_uuid()::text, '\(body)', 'waiting');",
                clients: 64, seconds: seconds))
    }

    mutating func finish() async {
        daemon?.stop()
        postgres?.stop()
    }
}
