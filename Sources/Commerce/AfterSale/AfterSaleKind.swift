/// What a buyer asks for after the sale.
package enum AfterSaleKind: String, CaseIterable, Sendable {
    /// Pieces that have not been sent are not wanted any more; the only refund that sets stock free by itself.
    case callOff = "call-off"
    /// Money back for what was sent, and the goods stay where they are.
    case refundOnly = "refund-only"
    case returnAndRefund = "return-and-refund"
    case exchange
    case repair
    /// A missing or broken piece is sent again, and nothing comes back.
    case resend

    package var bringsGoodsBack: Bool { self == .returnAndRefund || self == .exchange || self == .repair }
    package var givesMoneyBack: Bool { self == .callOff || self == .refundOnly || self == .returnAndRefund }
    package var sendsGoods: Bool { self == .exchange || self == .repair || self == .resend }
}

/// Pieces of one line that came back, and what becomes of them.
package struct ReturnedGoods: Hashable, Sendable {
    package let line: Int
    package let pieces: Int64
    package let disposition: Disposition

    package init(line: Int, pieces: Int64, disposition: Disposition) {
        self.line = line
        self.pieces = pieces
        self.disposition = disposition
    }
}
