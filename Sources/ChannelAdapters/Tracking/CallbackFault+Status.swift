extension CallbackFault {
    /// Whether a stranger sent it, as far as anybody can tell.
    var isForeignHand: Bool {
        switch self {
        case .forged, .probe, .foreign, .unknownKey: true
        case .malformed, .stale: false
        }
    }
}
