import ChannelAdapters
import Testing

@Suite struct AddressPolicyTests {
    @Test(arguments: [
        "169.254.169.254", "169.254.0.1", "fe80::1", "fe80::1%eth0", "0.0.0.0", "::", "224.0.0.1", "255.255.255.255",
        "100.100.100.200", "192.0.0.192", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1",
        "fd00:ec2::254", "ff02::1", "::169.254.169.254", "not an address", "",
    ])
    func `link-local, metadata and reserved addresses are refused under every policy`(address: String) {
        #expect(!AddressPolicy.publicOnly.allows(address))
        #expect(!AddressPolicy.privateToo.allows(address))
    }

    @Test(arguments: [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "::1",
        "fd12:3456::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "198.18.0.1", "64:ff9b::7f00:1",
    ])
    func `private addresses are allowed only where the channel says so`(address: String) {
        #expect(!AddressPolicy.publicOnly.allows(address))
        #expect(AddressPolicy.privateToo.allows(address))
    }

    @Test(arguments: ["93.184.216.34", "172.32.0.1", "172.15.0.1", "192.167.0.1", "2606:2800:220:1::1", "::ffff:8.8.8.8"])
    func `public addresses are allowed`(address: String) {
        #expect(AddressPolicy.publicOnly.allows(address))
        #expect(AddressPolicy.privateToo.allows(address))
    }

    @Test(arguments: ["http://127.0.0.1:9/", "http://localhost:9/", "http://[::1]:9/", "http://2130706433:9/"])
    func `a name that leads home is refused before a socket is opened`(url: String) async {
        let transport = CurlTransport(configuration: .ordinary)
        let request = HTTPRequest(method: .get, url: url, timeout: .seconds(5), responseBytesMax: 100)
        guard case .forbiddenAddress = await transport.failure(of: request) else {
            Issue.record("not refused: \(url)")
            return
        }
    }

    @Test func `a kept connection does not lend its permission to a stricter request`() async throws {
        let server = RudeServer { peer in while peer.request() != nil { peer.answer("ok") } }
        let transport = CurlTransport(configuration: .ordinary)
        var request = HTTPRequest.loopback(.get, server.url)
        _ = try await transport.send(request)
        request.addresses = .publicOnly
        #expect(await transport.failure(of: request) == .forbiddenAddress("127.0.0.1"))
        request.addresses = .privateToo
        #expect(try await transport.send(request).status == 200)
    }
}
