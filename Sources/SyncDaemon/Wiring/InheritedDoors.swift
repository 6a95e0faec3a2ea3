/// Which listener each inherited socket is for.
enum InheritedDoors {
    /// Gives each socket to a listener: by its name where that is a listener's, else by its address.
    ///
    /// - Throws: when a socket is for no listener, two are for one, or name and address disagree. Serving
    ///   at another address than the configuration says would leave its readers, the operator commands first, at a closed door.
    static func assign(
        _ sockets: [InheritedSocket], to listen: Configuration.Listen
    ) throws(InheritedSocketError) -> [Listener: Int32] {
        var doors: [Listener: Int32] = [:]
        for socket in sockets {
            let fitting = Listener.allCases.filter { means($0, socket.address, listen) && doors[$0] == nil }
            let named = Listener(rawValue: socket.name)
            guard let listener = named ?? fitting.first, fitting.contains(listener) else {
                throw InheritedSocketError(
                    """
                    the socket at \(socket.address), handed over as "\(PlainText.escaped(socket.name))", is for no listener that is \
                    still without one: listen.public is \(listen.publicAddress), listen.admin is \(listen.adminAddress), \
                    listen.socket is \(listen.socket). Bring ListenStream= of heyi.socket and `listen` of heyi.yaml together
                    """)
            }
            doors[listener] = socket.descriptor
        }
        return doors
    }

    private static func means(_ listener: Listener, _ address: InheritedSocket.Address, _ listen: Configuration.Listen) -> Bool {
        switch listener {
        case .public: address.isMeant(by: listen.publicAddress)
        case .admin: address.isMeant(by: listen.adminAddress)
        case .socket: address == .path(listen.socket)
        }
    }
}
