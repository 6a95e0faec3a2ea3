import Glibc
import Testing

@testable import SyncDaemon

@Suite struct LifecycleSocketTests {
    /// A socket on loopback, closed with its owner.
    private final class Held {
        let descriptor: Int32
        let port: Int

        init(listens: Bool = true) throws {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            self.descriptor = descriptor
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
            let bound = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            try #require(bound == 0 && (!listens || listen(descriptor, 4) == 0))
            guard case .internet(let found) = InheritedSocket.Address(of: descriptor) else { throw InheritedSocketError("no address") }
            port = found.port
        }

        deinit { close(descriptor) }
    }

    private func variables(_ count: Int = 1, names: String? = nil) -> [String: String] {
        var environment = ["LISTEN_PID": "\(getpid())", "LISTEN_FDS": "\(count)"]
        environment["LISTEN_FDNAMES"] = names
        return environment
    }

    private func configured(_ port: Int) -> Configuration.Listen {
        var listen = Configuration.Listen()
        listen.publicAddress = ListenAddress(host: "localhost", port: port)
        return listen
    }

    @Test func `a socket handed over is taken with its address, and no child gets it`() throws {
        let held = try Held()
        #expect(fcntl(held.descriptor, F_GETFD) & FD_CLOEXEC == 0)
        let taken = try InheritedSocket.take(variables(names: "public"), first: held.descriptor)
        #expect(taken.map(\.name) == ["public"])
        #expect(taken.first?.address == .internet(ListenAddress(host: "127.0.0.1", port: held.port)))
        #expect(fcntl(held.descriptor, F_GETFD) & FD_CLOEXEC != 0)
    }

    @Test func `sockets meant for another process are left alone`() throws {
        var environment = variables()
        environment["LISTEN_PID"] = "1"
        #expect(try InheritedSocket.take(environment, first: 999) == [])
        #expect(try InheritedSocket.take([:]) == [])
    }

    @Test func `what cannot be listened at is refused, with the line of the unit to look at`() throws {
        let deaf = try Held(listens: false)
        #expect(throws: InheritedSocketError("the inherited descriptor \(deaf.descriptor) (web) does not listen: heyi.socket needs Accept=no")) {
            try InheritedSocket.take(variables(names: "web"), first: deaf.descriptor)
        }
        #expect(throws: InheritedSocketError("the inherited descriptor 999999999 (unknown) is not open")) {
            try InheritedSocket.take(variables(), first: 999_999_999)
        }
        #expect(throws: InheritedSocketError("LISTEN_FDNAMES names 2 sockets and LISTEN_FDS says 1")) {
            try InheritedSocket.take(variables(names: "a:b"), first: deaf.descriptor)
        }
    }

    @Test func `a socket finds its listener by name or by address, and never against the configuration`() throws {
        let held = try Held()
        for name in ["public", "heyi.socket", "unknown"] {
            let taken = try InheritedSocket.take(variables(names: name), first: held.descriptor)
            #expect(try InheritedDoors.assign(taken, to: configured(held.port)) == [.public: held.descriptor])
        }
        for (name, port) in [("admin", held.port), ("heyi.socket", held.port + 1)] {
            let taken = try InheritedSocket.take(variables(names: name), first: held.descriptor)
            let refusal = #expect(throws: InheritedSocketError.self) { try InheritedDoors.assign(taken, to: configured(port)) }
            #expect(refusal?.description.contains("127.0.0.1:\(held.port)") == true)
            #expect(refusal?.description.contains("listen.public is localhost:\(port)") == true)
        }
        let twice = try InheritedSocket.take(variables(), first: held.descriptor) + InheritedSocket.take(variables(), first: held.descriptor)
        #expect(throws: InheritedSocketError.self) { try InheritedDoors.assign(twice, to: configured(held.port)) }
    }

    @Test func `an address is the same however it is written`() {
        let loopback = InheritedSocket.Address.internet(ListenAddress(host: "::1", port: 80))
        #expect(loopback.isMeant(by: ListenAddress(host: "0:0:0:0:0:0:0:1", port: 80)))
        #expect(loopback.isMeant(by: ListenAddress(host: "localhost", port: 0)))
        #expect(!loopback.isMeant(by: ListenAddress(host: "::", port: 80)))
        #expect(!InheritedSocket.Address.path("/run/x").isMeant(by: ListenAddress(host: "::1", port: 0)))
    }
}
