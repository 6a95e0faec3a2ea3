import ChannelAdapters
import Commerce
import Testing

/// How every adapter names what goes wrong, so that the engine knows what to do next.
@Suite struct ContractFaultTests {
    static let day = "Sun, 06 Nov 1994 08:49:37 GMT"

    static let statuses: [(Int, String, [(name: String, value: String)], ChannelError)] = [
        (429, "", [("retry-after", "12")], .throttled(retryAfter: .seconds(12))),
        (429, "", [], .throttled(retryAfter: nil)),
        (429, "", [("retry-after", "soon")], .throttled(retryAfter: nil)),
        (503, "", [("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT"), ("date", day)], .throttled(retryAfter: .seconds(30))),
        (503, "", [("retry-after", day), ("date", "Sun, 06 Nov 1994 09:49:37 GMT")], .throttled(retryAfter: .zero)),
        (401, "", [], .unauthorized(reason: "status 401")),
        (403, #"{"title":"Forbidden","detail":"key revoked"}"#, [], .unauthorized(reason: "status 403: key revoked")),
        (409, "", [], .resyncNeeded(reason: "status 409")),
        (410, #"{"title":"Gone"}"#, [], .resyncNeeded(reason: "status 410: Gone")),
        (413, "<html>", [], .rejected(field: "batch", reason: "status 413")),
        (400, #"{"errors":[{"field":"limit","reason":"too many"}]}"#, [], .rejected(field: "limit", reason: "status 400: too many")),
        (302, "", [], .rejected(field: "endpoint", reason: "answers with a redirect, which is not followed")),
        (500, #"{"title":"a\u001b[31m\nb"}"#, [], .failed(status: 500, reason: "status 500: a[31mb")),
        (504, "", [], .failed(status: 504, reason: "status 504")),
    ]

    static let transportErrors: [(TransportError, ChannelError)] = [
        (.unreachable(reason: "r"), .unreachable(reason: "r")),
        (.untrusted(reason: "r"), .unreachable(reason: "r")),
        (.interrupted(reason: "r"), .unknown(reason: "r")),
        (.timedOut(mayHaveArrived: true), .unknown(reason: "no answer in time")),
        (.timedOut(mayHaveArrived: false), .unreachable(reason: "no connection in time")),
        (.responseTooLarge(bytesMax: 9), .malformed(reason: "the answer is longer than 9 bytes")),
        (.forbiddenAddress("10.0.0.1"), .unreachable(reason: "the address is not allowed: 10.0.0.1")),
        (.invalidRequest(reason: "r"), .rejected(field: "request", reason: "r")),
        (.cancelled, .cancelled),
    ]

    func failure(_ subject: ContractSubject, _ answer: Result<HTTPResponse, TransportError>) async throws -> ChannelError? {
        let adapter = try subject.adapter(ScriptedTransport([answer]))
        do {
            _ = try await adapter.pull(after: nil, limit: 10)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: ContractSubject.all)
    func `each status means one thing`(subject: ContractSubject) async throws {
        for (status, body, headers, expected) in Self.statuses {
            #expect(try await failure(subject, .answer(status, body, headers)) == expected)
        }
    }

    @Test(arguments: ContractSubject.all)
    func `each failure of the transport means one thing`(subject: ContractSubject) async throws {
        for (error, expected) in Self.transportErrors {
            #expect(try await failure(subject, .failure(error)) == expected)
        }
    }

    @Test(arguments: ContractSubject.all)
    func `a push that may have landed does not say that it did not`(subject: ContractSubject) async throws {
        let open: [(Result<HTTPResponse, TransportError>, ChannelError)] = [
            (.answer(500), .failed(status: 500, reason: "status 500")),
            (.failure(.interrupted(reason: "r")), .unknown(reason: "r")),
            (.failure(.timedOut(mayHaveArrived: true)), .unknown(reason: "no answer in time")),
        ]
        for (answer, expected) in open {
            let adapter = try subject.adapter(ScriptedTransport([answer]))
            await #expect(throws: expected) { try await adapter.push(ContractSubject.one) }
        }
    }

    @Test(arguments: ContractSubject.all)
    func `a channel that is gone at its front door is gone`(subject: ContractSubject) async throws {
        let adapter = try subject.adapter(ScriptedTransport([.answer(410)]))
        await #expect(throws: ChannelError.gone(reason: "status 410")) { try await adapter.capabilities() }
    }

    @Test(arguments: ContractSubject.all)
    func `a wrong member is named`(subject: ContractSubject) async throws {
        guard case .malformed(let reason)? = try await failure(subject, .answer(200, subject.wrongPage.body)) else {
            Issue.record("not malformed")
            return
        }
        #expect(reason.hasPrefix(subject.wrongPage.path + ": "))
    }

    @Test(
        arguments: ContractSubject.all,
        ["", "{", "[]", "null", "7", "\"x\"", "{}", #"{"a":1,"a":2}"#, "<html></html>", "\u{FEFF}{}", #"{"deltas":{},"items":{}}"#])
    func `an answer that is not the protocol's is malformed in every call`(subject: ContractSubject, body: String) async throws {
        for call in Call.allCases {
            do {
                try await call.make(on: subject.adapter(ScriptedTransport([.answer(200, body)])))
                Issue.record("\(call) accepted \(body)")
            } catch let error as ChannelError {
                guard case .malformed = error else {
                    Issue.record("\(call): \(error)")
                    continue
                }
            }
        }
    }

    enum Call: CaseIterable {
        case pull, enumerate, read, push

        func make(on adapter: any ChannelAdapter) async throws {
            switch self {
            case .pull: _ = try await adapter.pull(after: nil, limit: 1)
            case .enumerate: _ = try await adapter.enumerate(after: nil, limit: 1)
            case .read: _ = try await adapter.read([ContractSubject.first])
            case .push: _ = try await adapter.push(ContractSubject.one)
            }
        }
    }

    @Test(arguments: ContractSubject.all, ["", "x", "[]", "{}", "[1,2]", "\"c1\""])
    func `a cursor that is no cursor asks for a resync`(subject: ContractSubject, cursor: String) async throws {
        let adapter = try subject.adapter(ScriptedTransport([]))
        do {
            _ = try await adapter.pull(after: PullCursor(cursor), limit: 1)
            Issue.record("accepted")
        } catch {
            guard case .resyncNeeded = error else {
                Issue.record("\(error)")
                return
            }
        }
    }
}
