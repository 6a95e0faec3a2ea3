package import Commerce

/// One account at a platform, as its operator configured it.
package struct GatewayAccount: Hashable, Sendable {
    /// Names it in facts and addresses, for ever.
    package let id: ChannelID
    package let kind: GatewayKind
    /// What is no secret, by the names of ``GatewayKind/settings``.
    package let settings: [String: String]
    /// Contents of the files named for each secret setting, in their order: keys, certificates, secrets.
    package let secrets: [String: [Secret]]
    /// Where the platform reaches this account's callbacks from outside; nil when it does not.
    package let callbackURL: String?

    package init(
        id: ChannelID, kind: GatewayKind, settings: [String: String], secrets: [String: [Secret]], callbackURL: String? = nil
    ) {
        self.id = id
        self.kind = kind
        self.settings = settings
        self.secrets = secrets
        self.callbackURL = callbackURL
    }
}

/// One thing an operator says about an account.
package struct GatewaySetting: Hashable, Sendable {
    package enum Form: Hashable, Sendable {
        case text
        /// One file.
        case secret
        /// Several files, all of which are in force at once: that is how a key is rotated.
        case secrets
    }

    package let name: String
    package let form: Form
    package let isRequired: Bool
    /// What it is, for the example configuration and for errors.
    package let purpose: String

    package init(_ name: String, _ form: Form = .text, required: Bool = false, purpose: String) {
        self.name = name
        self.form = form
        isRequired = required
        self.purpose = purpose
    }
}

/// What an account can do, each part where its platform has it.
package struct Gateway: Sendable {
    package let account: ChannelID
    package let kind: GatewayKind
    package var payments: (any PaymentGateway)?
    package var callbacks: (any CallbackReceiver)?
    package var bills: (any BillSource)?
    package var parcels: (any ParcelTracker)?
    package var check: (any GatewayCheck)?

    package init(account: ChannelID, kind: GatewayKind) {
        self.account = account
        self.kind = kind
    }
}

/// Tries an account's keys without moving anything.
package protocol GatewayCheck: Sendable {
    /// Asks the platform something harmless with all keys that are configured.
    func check() async -> GatewayHealth
    /// Callbacks as the platform would send them, where we hold what signs them: for trying the receiver from a terminal.
    func sample(_ word: String, at now: Timestamp) throws(ValidationFailure) -> GatewayCallback
}

extension GatewayCheck {
    package func sample(_ word: String, at now: Timestamp) throws(ValidationFailure) -> GatewayCallback {
        throw ValidationFailure(field: "gateway", reason: "only its platform can sign callbacks; nothing here holds that key")
    }
}

package struct GatewayHealth: Hashable, Sendable {
    package enum Level: String, CaseIterable, Sendable { case fine, doubtful, broken }

    package let level: Level
    /// What was found, and what to do about it; never a key.
    package let words: String

    package init(_ level: Level, _ words: String) {
        self.level = level
        self.words = words
    }
}

/// Why an account cannot be used as it is configured.
package struct GatewayFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The setting that is wrong.
    package let field: String
    package let reason: String

    package init(_ field: String, _ reason: String) {
        self.field = field
        self.reason = reason
    }

    package var description: String { "\(field): \(reason)" }
}
