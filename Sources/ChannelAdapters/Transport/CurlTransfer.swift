import CCurl
import Glibc

/// One request and its answer as curl works on it: an easy handle and what it has brought.
///
/// Belongs to the queue of its ``CurlMulti``. Whoever waits sets ``onProgress`` and is
/// called once, on that queue, when there is more to see.
final class CurlTransfer {
    enum Delivery {
        /// The body is kept until the end.
        case whole
        /// The body is handed over as it comes; beyond this many waiting bytes curl pauses.
        case stream(waitingBytesMax: Int)
    }

    let easy: UnsafeMutableRawPointer
    let limits: (body: Int, headers: Int)
    let addresses: AddressPolicy
    let delivery: Delivery
    let errorText: UnsafeMutablePointer<CChar>
    var headerList: UnsafeMutablePointer<curl_slist>?
    /// What waits to be sent, for a request whose body comes bit by bit.
    var upload: UploadBuffer?

    private(set) var status = 0
    private(set) var headers: [(name: String, value: String)] = []
    private(set) var headIsComplete = false
    private(set) var outcome: Result<Void, TransportError>?
    private(set) var waiting: [UInt8] = []
    private var received = 0
    private var headerBytes = 0
    private var isPaused = false
    /// Our own reason for breaking off, which curl's code would not tell.
    var fault: TransportError?
    var onProgress: (() -> Void)?

    init(request: HTTPRequest, headerBytesMax: Int, delivery: Delivery) {
        guard let easy = curl_easy_init() else { preconditionFailure("libcurl has no memory for a handle") }
        self.easy = easy
        limits = (request.responseBytesMax, headerBytesMax)
        addresses = request.addresses
        self.delivery = delivery
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
        errorText.deallocate()
    }

    /// Records curl's verdict and wakes whoever waits.
    func finish(_ code: CURLcode) { finish(with: result(of: code)) }

    func finish(with result: Result<Void, TransportError>) {
        guard outcome == nil else { return }
        outcome = result
        progress()
        upload?.close()
    }

    /// Hands over what has arrived and lets curl go on.
    func takeWaiting() -> [UInt8] {
        let bytes = waiting
        waiting = []
        if isPaused, outcome == nil {
            isPaused = false
            curl_easy_pause(easy, CURLPAUSE_CONT)
        }
        return bytes
    }

    /// Lets curl ask the upload's buffer again after it was told to wait.
    func resumeSending() {
        if outcome == nil { curl_easy_pause(easy, CURLPAUSE_CONT) }
    }

    private func progress() {
        let wake = onProgress
        onProgress = nil
        wake?()
    }

    // What follows is called by curl.

    func receiveHeader(_ line: UnsafeRawBufferPointer) -> Int {
        headerBytes += line.count
        guard headerBytes <= limits.headers else {
            fault = .responseTooLarge(bytesMax: limits.headers)
            return 0
        }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            status = text.split(separator: " ").dropFirst().first.flatMap { Int($0.prefix(3)) } ?? 0
            headers = []
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            headers.append((text[..<colon].lowercased(), String(value.prefix { !$0.isNewline })))
        } else if status >= 200 {
            headIsComplete = true
            if case .stream = delivery { progress() }
        }
        return line.count
    }

    func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        if case .stream(let waitingBytesMax) = delivery, waiting.count >= waitingBytesMax {
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        guard received + bytes.count <= limits.body else {
            fault = .responseTooLarge(bytesMax: limits.body)
            return 0
        }
        received += bytes.count
        waiting.append(contentsOf: bytes)
        if case .stream = delivery { progress() }
        return bytes.count
    }

    func openSocket(_ target: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        let allowed = withUnsafePointer(to: &target.pointee.addr) { addresses.allows($0) }
        guard allowed else {
            fault = .forbiddenAddress("the name resolves to an address the policy does not allow")
            return curl_socket_t(CURL_SOCKET_BAD)
        }
        return socket(
            target.pointee.family, target.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue),
            target.pointee.protocol)
    }

    /// A kept connection may have been opened under another request's policy.
    func allowsPeer(_ address: String) -> Bool {
        guard !addresses.allows(address) else { return true }
        fault = .forbiddenAddress(address)
        return false
    }
}
