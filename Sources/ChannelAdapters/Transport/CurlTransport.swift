import Commerce
import Dispatch

/// Sends HTTP requests with libcurl's multi interface, all of them from one thread.
///
/// Connections are kept and shared, over HTTP/2 where a TLS peer offers it. Redirects,
/// cookies, compressed answers and proxies of the environment are not followed, kept,
/// asked for or used.
///
/// curl repeats a request once by itself when a *kept* connection turns out to have been
/// closed before it brought any byte of an answer. Writes therefore carry idempotency
/// keys, and a failure after such a repetition still says that the request may have arrived.
package actor CurlTransport: HTTPTransport {
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    nonisolated let executor = SerialQueueExecutor(label: "heyi.transport")
    private let configuration: CurlConfiguration
    private let multi: CurlMulti
    private let sweep: QueueTimer
    private var transfers: [UInt64: (transfer: CurlTransfer, deadline: UInt64)] = [:]
    /// Transfers whose body is handed over bit by bit, until the reader is done with it.
    var streams: [UInt64: CurlTransfer] = [:]
    /// Transfers whose request body comes bit by bit.
    var uploads: [UInt64: CurlTransfer] = [:]
    private var lastID: UInt64 = 0
    var places: TransferPlaces
    private var isClosing = false
    private var onEmpty: (() -> Void)?

    package init(configuration: CurlConfiguration) {
        self.configuration = configuration
        multi = CurlMulti(configuration: configuration, queue: executor.queue)
        sweep = QueueTimer(queue: executor.queue)
        places = TransferPlaces(2 * configuration.connectionsMax)
    }

    package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let tally = TransferTally.current
        try await takePlace()
        defer { places.leave() }
        tally?.add(request)
        let (id, transfer) = try start(request, delivery: .whole)
        let response = try await answer(of: transfer, id)
        tally?.add(response)
        return response
    }

    /// Stops taking requests, waits for those in flight, and breaks off what is left
    /// after `grace` with ``TransportError/cancelled``.
    package func shutdown(grace: Duration) async {
        isClosing = true
        places.dismissAll()
        executor.queue.asyncAfter(deadline: .now() + .milliseconds(Int(grace.milliseconds))) { [weak self] in
            self?.assumeIsolated { $0.cancelAll() }
        }
        guard !transfers.isEmpty else { return }
        await withCheckedContinuation { continuation in
            let others = onEmpty
            onEmpty = {
                others?()
                continuation.resume()
            }
        }
    }

    /// How many requests are on their way or wait for a connection.
    package var inFlight: Int { transfers.count }

    func start(
        _ request: HTTPRequest, delivery: CurlTransfer.Delivery, upload: UploadBuffer? = nil,
        uploadLength: Int64? = nil
    ) throws(TransportError) -> (id: UInt64, transfer: CurlTransfer) {
        guard !isClosing else { throw .unreachable(reason: "this transport is shut down") }
        let transfer = CurlTransfer(
            request: request, headerBytesMax: configuration.headerBytesMax, delivery: delivery)
        transfer.upload = upload
        try transfer.configure(request, by: configuration, uploadLength: uploadLength)
        lastID += 1
        let nanoseconds = UInt64(max(1, request.timeout.milliseconds)) &* 1_000_000
        let deadline = DispatchTime.now().uptimeNanoseconds &+ nanoseconds
        if transfers.isEmpty { startSweeping() }
        transfers[lastID] = (transfer, deadline)
        multi.add(transfer)
        return (lastID, transfer)
    }

    /// Waits for the end and forgets the transfer; cancelling the task breaks it off.
    func answer(of transfer: CurlTransfer, _ id: UInt64) async throws(TransportError) -> HTTPResponse {
        await withTaskCancellationHandler {
            while transfer.outcome == nil { await progress(of: transfer) }
        } onCancel: {
            breakOff(id)
        }
        forget(id)
        try transfer.outcome?.get()
        return HTTPResponse(
            status: transfer.status, headers: transfer.headers, body: transfer.takeWaiting(),
            certificateEnds: transfer.certificateEnds)
    }

    func progress(of transfer: CurlTransfer) async {
        await withCheckedContinuation { continuation in transfer.onProgress = { continuation.resume() } }
    }

    func forget(_ id: UInt64) {
        guard let (transfer, _) = transfers.removeValue(forKey: id) else { return }
        multi.remove(transfer)
        guard transfers.isEmpty else { return }
        sweep.pause()
        onEmpty?()
        onEmpty = nil
    }

    /// Cancels from any thread; harmless when the transfer is over.
    nonisolated func breakOff(_ id: UInt64) {
        executor.queue.async { self.assumeIsolated { $0.end(id, with: .cancelled) } }
    }

    private func cancelAll() {
        for id in transfers.keys.sorted() {
            end(id, with: .cancelled)
            // Nobody may be reading a stream just now; its reader finds the verdict later.
            if streams[id] != nil { forget(id) }
        }
    }

    private func end(_ id: UInt64, with error: TransportError) {
        guard let (transfer, _) = transfers[id] else { return }
        multi.remove(transfer)
        transfer.finish(with: .failure(error))
    }

    /// curl does not look at the clock of a request that waits for a free connection, so
    /// somebody must. Runs a little late on purpose: curl's own verdict says more.
    private func startSweeping() {
        sweep.onFire { [weak self] in self?.assumeIsolated { $0.endOverdue() } }
        sweep.fire(every: .milliseconds(200))
    }

    private func endOverdue() {
        let late = DispatchTime.now().uptimeNanoseconds &- 100_000_000
        for (id, entry) in transfers where entry.deadline < late && entry.transfer.outcome == nil {
            end(id, with: .timedOut(mayHaveArrived: entry.transfer.mayHaveArrived))
        }
    }
}
