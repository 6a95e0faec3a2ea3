/// Limits and trust of one ``CurlTransport``; what belongs to a request stays with it.
package struct CurlConfiguration: Hashable, Sendable {
    /// Connections to one host at a time, 1 or more; more requests wait for a free one.
    package var hostConnectionsMax: Int
    /// Connections in all, 1 or more; also how many idle ones are kept.
    package var connectionsMax: Int
    /// For name, route, TCP and TLS together.
    package var connectTimeout: Duration
    /// A transfer that moves less than `stallBytesPerSecond` for this long is broken off.
    package var stallTimeout: Duration
    package var stallBytesPerSecond: Int
    /// Bytes of an answer's headers taken before the transfer is broken off.
    package var headerBytesMax: Int
    /// A PEM file of authorities trusted beside the system's own; nil for none.
    package var extraAuthoritiesFile: String?
    /// `http://host:port`; nil connects directly, whatever the environment says.
    package var proxy: String?

    /// What suits a hub on one machine talking to tens of channels.
    package static let ordinary = CurlConfiguration(
        hostConnectionsMax: 16, connectionsMax: 256, connectTimeout: .seconds(10), stallTimeout: .seconds(30),
        stallBytesPerSecond: 1, headerBytesMax: 64 * 1_024, extraAuthoritiesFile: nil, proxy: nil)

    package init(
        hostConnectionsMax: Int, connectionsMax: Int, connectTimeout: Duration, stallTimeout: Duration,
        stallBytesPerSecond: Int, headerBytesMax: Int, extraAuthoritiesFile: String?, proxy: String?
    ) {
        self.hostConnectionsMax = hostConnectionsMax
        self.connectionsMax = connectionsMax
        self.connectTimeout = connectTimeout
        self.stallTimeout = stallTimeout
        self.stallBytesPerSecond = stallBytesPerSecond
        self.headerBytesMax = headerBytesMax
        self.extraAuthoritiesFile = extraAuthoritiesFile
        self.proxy = proxy
    }
}
