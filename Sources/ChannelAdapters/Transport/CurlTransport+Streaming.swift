import Dispatch

extension CurlTransport {
    /// Sends a request and returns as soon as the answer's head is there.
    ///
    /// The body comes as the caller asks for it: curl stops reading the connection while
    /// 256 KiB wait. Dropping the body before its end breaks the transfer off.
    package func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPStreamedResponse {
        let (id, transfer) = try start(request, delivery: .stream(waitingBytesMax: 256 * 1_024))
        await withTaskCancellationHandler {
            while !transfer.headIsComplete, transfer.outcome == nil { await progress(of: transfer) }
        } onCancel: {
            breakOff(id)
        }
        if !transfer.headIsComplete, case .failure(let error)? = transfer.outcome {
            forget(id)
            throw error
        }
        streams[id] = transfer
        return HTTPStreamedResponse(
            status: transfer.status, headers: transfer.headers, body: HTTPBodyStream(transport: self, id: id))
    }

    /// Sends a request whose body comes from `source`, one chunk ahead of the network.
    ///
    /// The source is not read further once the answer is there. When it throws, the
    /// transfer is broken off as interrupted, because part of it has left.
    ///
    /// - Parameter length: Bytes the source will give; nil when not known.
    package func send<Source: AsyncSequence & Sendable>(
        _ request: HTTPRequest, uploading source: Source, length: Int64?
    ) async throws(TransportError) -> HTTPResponse where Source.Element == [UInt8] {
        let upload = UploadBuffer()
        let (id, transfer) = try start(request, delivery: .whole, upload: upload, uploadLength: length)
        uploads[id] = transfer
        defer { uploads[id] = nil }
        // A task of this actor begins on its queue; a child task would first wait for a thread of the pool.
        let pumping = Task { await pump(source, into: id) }
        let result: Result<HTTPResponse, TransportError>
        do throws(TransportError) {
            result = .success(try await answer(of: transfer, id))
        } catch {
            result = .failure(error)
        }
        pumping.cancel()
        let fault = await pumping.value
        if let fault, case .failure(.cancelled) = result, !Task.isCancelled {
            throw .interrupted(reason: "the source of the body failed: \(fault)")
        }
        return try result.get()
    }

    /// Carries chunks from a source to its transfer, on the transport's own queue: a
    /// crowded thread pool cannot hold up a body of many chunks.
    ///
    /// - Returns: why the source failed, nil when it did not.
    private func pump<Source: AsyncSequence & Sendable>(
        _ source: Source, into id: UInt64
    ) async -> String? where Source.Element == [UInt8] {
        do {
            for try await chunk in source where !chunk.isEmpty {
                guard await offer(chunk, to: id) else { return nil }
            }
            endUpload(id)
            return nil
        } catch {
            breakOff(id)
            return String(describing: error)
        }
    }

    /// The next piece of a streamed body, or nil at its end.
    func nextChunk(of id: UInt64) async throws(TransportError) -> [UInt8]? {
        guard let transfer = streams[id] else { return nil }
        await withTaskCancellationHandler {
            while transfer.waiting.isEmpty, transfer.outcome == nil { await progress(of: transfer) }
        } onCancel: {
            breakOff(id)
        }
        let bytes = transfer.takeWaiting()
        if !bytes.isEmpty { return bytes }
        streams[id] = nil
        forget(id)
        try transfer.outcome?.get()
        return nil
    }

    nonisolated func dropStream(_ id: UInt64) {
        executor.queue.async {
            self.assumeIsolated {
                $0.streams[id] = nil
                $0.forget(id)
            }
        }
    }

    /// - Returns: Whether more is wanted.
    func offer(_ chunk: [UInt8], to id: UInt64) async -> Bool {
        guard let transfer = uploads[id], let upload = transfer.upload else { return false }
        if upload.offer(chunk) { transfer.resumeSending() }
        while !upload.takesMore, !upload.isOver {
            await withCheckedContinuation { continuation in upload.onDrained = { continuation.resume() } }
        }
        return !upload.isOver
    }

    func endUpload(_ id: UInt64) {
        guard let transfer = uploads[id], let upload = transfer.upload else { return }
        if upload.end() { transfer.resumeSending() }
    }
}
