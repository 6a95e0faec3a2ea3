/// Which of the three kinds of backend a simulated shop is.
package enum ShopFace: String, CaseIterable, Sendable {
    /// Speaks the delta protocol and keeps a clock with every unit.
    case deltaWithClocks = "delta"
    /// Speaks the delta protocol and knows versions only.
    case deltaWithoutClocks = "delta-without-clocks"
    /// Items under `updated_at`, entity tags and a bearer token.
    case plain
}
