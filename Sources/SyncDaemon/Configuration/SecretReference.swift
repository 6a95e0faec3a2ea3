/// Says where a secret is; the configuration never holds the secret itself.
enum SecretReference: Hashable, Sendable, CustomStringConvertible {
    /// `file:/etc/heyi/web.secret`, or only the path.
    case file(String)
    /// `credential:web`: what systemd's `LoadCredential=web:…` put into `$CREDENTIALS_DIRECTORY`.
    case credential(String)

    init?(_ text: String) {
        if text.hasPrefix("credential:") {
            let name = String(text.dropFirst("credential:".count))
            guard !name.isEmpty, name != ".", name != "..", !name.contains("/"), !name.contains("\0") else { return nil }
            self = .credential(name)
        } else {
            let path = text.hasPrefix("file:") ? String(text.dropFirst("file:".count)) : text
            guard path.hasPrefix("/"), path.count > 1, !path.contains("\0") else { return nil }
            self = .file(path)
        }
    }

    var description: String {
        switch self {
        case .file(let path): "file:\(path)"
        case .credential(let name): "credential:\(name)"
        }
    }
}

extension SettingForm where Value == SecretReference {
    /// Refuses anything else without repeating it: it may well be the secret.
    static var secret: Self {
        Self(
            expectation: "file:/path or credential:name; the secret itself never stands here",
            hidesValue: true
        ) { SecretReference($0) }
    }
}
