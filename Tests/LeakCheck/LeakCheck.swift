import ChannelAdapters
import Dispatch
import Foundation

/// Sends some hundreds of requests, good and bad, through one ``CurlTransport`` and shuts it
/// down: what valgrind then finds lost, the transport lost. `scripts/check-leaks` runs it.
///
/// The main function is synchronous on purpose. An asynchronous one ends the main thread
/// and lives on in Dispatch, which valgrind does not survive.
@main struct LeakCheck {
    static func main() {
        let port = MoodyServer.start()
        let done = DispatchSemaphore(value: 0)
        // Detached, because the main actor is this thread, and it waits.
        Task.detached {
            for round in 0..<2 {
                let transport = CurlTransport(configuration: .ordinary)
                await everything(over: transport, at: "http://127.0.0.1:\(port)")
                await transport.shutdown(grace: .seconds(1))
                print("round \(round + 1) of 2 done")
            }
            done.signal()
        }
        done.wait()
    }

    private static func everything(over transport: CurlTransport, at url: String) async {
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                let mood = MoodyServer.moods[number % MoodyServer.moods.count]
                group.addTask { await outcome(of: request(url + mood), over: transport) }
            }
        }
        for _ in 0..<20 { await stream(request(url + "/long"), over: transport) }
        for _ in 0..<20 { await upload(request(url + "/ok"), over: transport) }
        for _ in 0..<20 {
            let task = Task { await outcome(of: request(url + "/silent"), over: transport) }
            await Task.yield()
            task.cancel()
            await task.value
        }
    }

    private static func request(_ url: String) -> HTTPRequest {
        HTTPRequest(
            method: .post, url: url, headers: [("X-Round", "1")], body: [UInt8](repeating: 65, count: 2_000),
            timeout: .seconds(url.hasSuffix("/silent") ? 1 : 60), responseBytesMax: 100_000, addresses: .privateToo)
    }

    /// Whether it goes well is the tests' business; here every end only has to clean up.
    private static func outcome(of request: HTTPRequest, over transport: CurlTransport) async {
        do {
            _ = try await transport.send(request)
        } catch {
            _ = error
        }
    }

    private static func stream(_ request: HTTPRequest, over transport: CurlTransport) async {
        do {
            for try await _ in try await transport.stream(request).body { break }
        } catch {
            print("stream: \(error)")
        }
    }

    private static func upload(_ request: HTTPRequest, over transport: CurlTransport) async {
        let source = AsyncStream { continuation in
            for _ in 0..<5 { continuation.yield([UInt8](repeating: 66, count: 10_000)) }
            continuation.finish()
        }
        do {
            _ = try await transport.send(request, uploading: source, length: 50_000)
        } catch {
            print("upload: \(error)")
        }
    }
}
