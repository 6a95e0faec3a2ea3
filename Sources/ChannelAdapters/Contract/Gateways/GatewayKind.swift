package import Commerce

/// The platforms that are spoken to; adding one is a folder, a case here, and the contract's tests.
package enum GatewayKind: String, CaseIterable, Sendable {
    case weChatPay = "wechat-pay"
    case alipay
    case stripe
    case kuaidi100
    case kdniao
    case sf
    case seventeenTrack = "17track"

    /// What an operator may say about an account of this kind.
    package var settings: [GatewaySetting] {
        let own: [GatewaySetting]
        switch self {
        case .weChatPay: own = WeChatPayAccount.settings
        case .alipay: own = AlipayAccount.settings
        case .stripe: own = StripeAccount.settings
        case .kuaidi100: own = Kuaidi100Account.settings
        case .kdniao: own = KdniaoAccount.settings
        case .sf: own = SFAccount.settings
        case .seventeenTrack: own = SeventeenTrackAccount.settings
        }
        let pays = [GatewayKind.weChatPay, .alipay, .stripe].contains(self)
        let fees =
            pays ? [GatewaySetting("fee_ppm", purpose: "What the platform keeps of a payment, in parts per million; without it fees are not judged.")] : []
        return own + fees + [
            GatewaySetting("endpoint", purpose: "Where the platform is; its own address when left out."),
            GatewaySetting("allow_private_addresses", purpose: "true lets the endpoint be on a private or loopback address."),
        ]
    }
}

extension Gateway {
    /// Connects an account; nothing is sent.
    ///
    /// - Throws: ``GatewayFault`` with the setting that is wrong, never what is in it.
    package init(_ account: GatewayAccount, transport: any HTTPTransport, surroundings: Surroundings) throws(GatewayFault) {
        switch account.kind {
        case .weChatPay: self = try WeChatPayAccount(account).gateway(transport, surroundings)
        case .alipay: self = try AlipayAccount(account).gateway(transport, surroundings)
        case .stripe: self = try StripeAccount(account).gateway(transport, surroundings)
        case .kuaidi100: self = try Kuaidi100Account(account).gateway(transport, surroundings)
        case .kdniao: self = try KdniaoAccount(account).gateway(transport, surroundings)
        case .sf: self = try SFAccount(account).gateway(transport, surroundings)
        case .seventeenTrack: self = try SeventeenTrackAccount(account).gateway(transport, surroundings)
        }
    }
}

extension GatewayAccount {
    /// A setting that must be there.
    func required(_ name: String) throws(GatewayFault) -> String {
        guard let text = settings[name], !text.isEmpty else { throw GatewayFault(name, "is required") }
        return text
    }

    /// The one file of a secret that must be there.
    func requiredSecret(_ name: String) throws(GatewayFault) -> Secret {
        guard let secret = secrets[name]?.first, !secret.revealed.isEmpty else { throw GatewayFault(name, "is required: a file") }
        return secret
    }

    /// Where requests go, without a slash at the end, and which addresses that may resolve to.
    func endpoint(_ usual: String) -> (url: String, addresses: AddressPolicy) {
        let url = settings["endpoint"] ?? usual
        return (
            url.hasSuffix("/") ? String(url.dropLast()) : url,
            settings["allow_private_addresses"] == "true" ? .privateToo : .publicOnly
        )
    }
}
