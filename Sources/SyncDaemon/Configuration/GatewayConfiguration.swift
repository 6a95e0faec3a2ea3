import ChannelAdapters
import Commerce
import Mall

/// One account at a payment or logistics platform; one entry of `gateways`.
struct GatewayConfiguration: Hashable, Sendable {
    let id: ChannelID
    let kind: GatewayKind
    /// By the names its kind knows.
    var settings: [String: String] = [:]
    /// Where the files of each secret setting are.
    var secrets: [String: [SecretReference]] = [:]
}

extension GatewayConfiguration {
    /// Reads one entry of `gateways`.
    ///
    /// - Returns: nil when it has no usable id or kind; whatever is wrong is in the reader's ledger.
    init?(_ section: SettingReader) {
        let id = section.required("id", as: .channel)
        let kind: GatewayKind? = section.required("kind", as: .choice)
        guard let kind else { return nil }
        var gateway = GatewayConfiguration(id: id ?? ChannelID("unnamed")!, kind: kind)
        for setting in kind.settings { gateway.read(setting, section) }
        section.finish()
        guard let id else { return nil }
        if [HandGateway.name, TrialGateway.name].contains(id.text) {
            section.report("gateway \(id): that name is taken by one that is always there; choose another id")
        }
        self = gateway
    }

    private mutating func read(_ setting: GatewaySetting, _ section: SettingReader) {
        switch setting.form {
        case .text:
            let form = SettingForm(expectation: "1 to 500 characters in one line (\(setting.purpose))") { (text: String) -> String? in
                (1...500).contains(text.count) && !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } ? text : nil
            }
            settings[setting.name] =
                setting.isRequired ? section.required(setting.name, as: form) : section.optional(setting.name, as: form)
        case .secret:
            let file = setting.isRequired ? section.required(setting.name, as: .secret) : section.optional(setting.name, as: .secret)
            secrets[setting.name] = file.map { [$0] }
        case .secrets:
            let files = section.list(setting.name, as: .secret)
            if setting.isRequired, files?.isEmpty ?? true {
                section.report("\(setting.name) is missing: it must be a list of files (\(setting.purpose))", at: section.origin(of: setting.name))
            }
            secrets[setting.name] = files
        }
    }
}
