import ChannelAdapters
import Commerce
import Simulation
import Testing

@Suite struct AlipayEnvelopeTests {
    private func content(_ text: String) throws -> String { String(decoding: try AlipayEnvelope(Array(text.utf8)).content, as: UTF8.self) }

    @Test(arguments: [
        #"{"a_response":{"code":"10000"},"sign":"AA=="}"#: #"{"code":"10000"}"#,
        "{\n  \"a_response\" :\n {\"code\" : \"10000\" }\n , \"sign\" : \"AA==\"\n}\n": "{\"code\" : \"10000\" }",
        #"{"a_response":{"sign":"xxx","code":"1"},"sign":"AA=="}"#: #"{"sign":"xxx","code":"1"}"#,
        #"{"a_response":{"x":"}{]["},"sign":"AA=="}"#: #"{"x":"}{]["}"#,
        #"{"a_response":{"x":"\"}\\"},"sign":"AA=="}"#: #"{"x":"\"}\\"}"#,
        #"{"a_response":{"u":"https:\/\/a\/b"},"sign":"A\/=="}"#: #"{"u":"https:\/\/a\/b"}"#,
        #"{"sign":"AA==","a_response":{"l":[{"a":"]"},[1]]}}"#: #"{"l":[{"a":"]"},[1]]}"#,
        #"{"a_response":"c2VhbGVk","sign":"AA=="}"#: #""c2VhbGVk""#,
        #"{"error_response":{"code":"40002"},"b":-1.5e3,"c":null}"#: #"{"code":"40002"}"#,
    ])
    func `what was signed is found as the very bytes that came`(text: String, expected: String) throws {
        #expect(try content(text) == expected)
    }

    @Test func `a slash that is escaped in the signature is read`() throws {
        #expect(try AlipayEnvelope(Array(#"{"a_response":{},"sign":"A\/+="}"#.utf8)).signature == "A/+=")
    }

    @Test(arguments: [
        "", "{", "{}", "[]", "null", #"{"a_response":{}"#, #"{"a_response":{}}x"#, #"{"a_response":{},"a_response":{}}"#,
        #"{"a_response":{},"b_response":{}}"#, #"{"a_response":{},"sign":"a","sign":"b"}"#, #"{"a_response":{},"sign":1}"#,
        #"{"a_response":{},"s\u0069gn":"a"}"#, #"{"a_response":{},"sign":"\u0041"}"#, #"{"a_response":{],"sign":"a"}"#,
        #"{"a_response":,"sign":"a"}"#, #"{"a_response":{}"sign":"a"}"#, #"{"a_response":{"x":"\"#, #"{"a_response":{} {},"sign":"a"}"#,
    ])
    func `what is no answer is refused`(text: String) {
        #expect(throws: ValidationFailure.self) { try AlipayEnvelope(Array(text.utf8)) }
    }

    @Test func `nesting without end is refused, and any bytes at all are read without a trap`() {
        let deep = #"{"a_response":"# + String(repeating: "[", count: 10_000)
        #expect(throws: ValidationFailure.self) { try AlipayEnvelope(Array(deep.utf8)) }
        let random = SeededRandom(seed: 7)
        let alphabet = Array(#"{}[]":,\/a_response sign 10000"#.utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int(random.next() % 60)).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
            do { _ = try AlipayEnvelope(bytes) } catch {}
            do { _ = try AlipayForm(bytes.map { $0 &+ UInt8(truncatingIfNeeded: random.next() % 3) }) } catch {}
            do { _ = try ZipArchive.contents(of: bytes) } catch {}
            do { _ = try AlipayStatement.read([bytes]) } catch {}
        }
    }

    @Test(arguments: ["2026-12-01 09:30:00", "1999-02-28 23:59:59", "2026-12-01 09:30:00.123"])
    func `a time of Beijing is read and written alike`(text: String) throws {
        #expect(BeijingTime.inBills(try #require(BeijingTime.moment(text))) == text.prefix(19))
    }

    @Test(arguments: ["", "2026-12-01", "2026-12-01T09:30:00", "2026-12-01 24:00:00", "2026-02-30 00:00:00", "2026-12-01 09:30:0a", "2026-12-01 09:30:00Z"])
    func `a time in other words is none`(text: String) { #expect(BeijingTime.moment(text) == nil) }
}
