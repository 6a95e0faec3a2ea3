import CCurl
import Dispatch

/// curl's multi handle on a Dispatch queue: sockets and timer as Dispatch sources.
///
/// Belongs to one serial queue; every call and every callback happens there.
final class CurlMulti {
    private let multi: OpaquePointer
    private let queue: DispatchQueue
    private let timer: QueueTimer
    private var watches: [curl_socket_t: SocketWatch] = [:]
    private var active: [UnsafeMutableRawPointer: CurlTransfer] = [:]

    /// Initialises the library once for the process; `static let` makes that thread-safe.
    private static let library = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    init(configuration: CurlConfiguration, queue: DispatchQueue) {
        precondition(CurlMulti.library == CURLE_OK, "libcurl does not start")
        guard let handle = curl_multi_init() else { preconditionFailure("libcurl has no memory for a handle") }
        multi = OpaquePointer(handle)
        self.queue = queue
        timer = QueueTimer(queue: queue)
        heyi_multi_set_long(handle, CURLMOPT_MAX_HOST_CONNECTIONS, configuration.hostConnectionsMax)
        heyi_multi_set_long(handle, CURLMOPT_MAX_TOTAL_CONNECTIONS, configuration.connectionsMax)
        heyi_multi_set_long(handle, CURLMOPT_MAXCONNECTS, configuration.connectionsMax)
        heyi_multi_set_callbacks(
            handle, Unmanaged.passUnretained(self).toOpaque(), curlWantsSocket, curlWantsTimer)
        timer.onFire { [weak self] in self?.act(on: curl_socket_t(CURL_SOCKET_BAD), flags: 0) }
    }

    deinit {
        heyi_multi_set_callbacks(handle, nil, nil, nil)
        for transfer in active.values { curl_multi_remove_handle(handle, transfer.easy) }
        curl_multi_cleanup(handle)
        for watch in watches.values { watch.cancel() }
    }

    private var handle: UnsafeMutableRawPointer { UnsafeMutableRawPointer(multi) }

    /// Sets a transfer going; it is finished from a later turn of the loop, never from here.
    func add(_ transfer: CurlTransfer) {
        active[transfer.easy] = transfer
        let code = curl_multi_add_handle(handle, transfer.easy)
        precondition(code == CURLM_OK, "libcurl refused a fresh handle")
    }

    /// Breaks a transfer off and closes or keeps its connection as curl sees fit.
    func remove(_ transfer: CurlTransfer) {
        guard active.removeValue(forKey: transfer.easy) != nil else { return }
        curl_multi_remove_handle(handle, transfer.easy)
    }

    private func act(on socket: curl_socket_t, flags: Int32) {
        var running: Int32 = 0
        curl_multi_socket_action(handle, socket, flags, &running)
        collectFinished()
    }

    private func collectFinished() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(handle, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let transfer = active[easy]
            else { continue }
            // The message is curl's and gone after the removal, so the code is read first.
            let code = heyi_message_result(message)
            remove(transfer)
            transfer.finish(code)
        }
    }

    fileprivate func watch(_ socket: curl_socket_t, for what: Int32) {
        if what == CURL_POLL_REMOVE {
            watches.removeValue(forKey: socket)?.cancel()
            return
        }
        if watches[socket] == nil {
            watches[socket] = SocketWatch(socket: socket, queue: queue) { [weak self] flags in
                self?.act(on: socket, flags: flags)
            }
        }
        watches[socket]?.want(read: what & CURL_POLL_IN != 0, write: what & CURL_POLL_OUT != 0)
    }

    fileprivate func wake(after milliseconds: Int) {
        if milliseconds < 0 { timer.pause() } else { timer.fire(after: .milliseconds(milliseconds)) }
    }
}

private func curlWantsSocket(
    easy: UnsafeMutableRawPointer?, socket: curl_socket_t, what: Int32, context: UnsafeMutableRawPointer?,
    socketContext: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context else { return 0 }
    Unmanaged<CurlMulti>.fromOpaque(context).takeUnretainedValue().watch(socket, for: what)
    return 0
}

private func curlWantsTimer(
    multi: UnsafeMutableRawPointer?, milliseconds: Int, context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context else { return 0 }
    Unmanaged<CurlMulti>.fromOpaque(context).takeUnretainedValue().wake(after: milliseconds)
    return 0
}
