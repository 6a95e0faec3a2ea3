/// Knows the keys channels sign with.
protocol ChannelKeyring: Sendable {
    /// All keys that verify, rotation's old ones included.
    ///
    /// - Returns: nil for a channel that does not exist or was retired.
    func keys(of channel: String) async throws(DeskError) -> [[UInt8]]?
}
