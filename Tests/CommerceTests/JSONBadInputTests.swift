import Commerce
import Testing

@Suite struct JSONBadInputTests {
    private func fault(_ bytes: [UInt8]) throws -> JSONError {
        try #require(#expect(throws: JSONError.self) { _ = try JSON.parse(bytes) })
    }

    private func fault(_ text: String) throws -> JSONError { try fault(Array(text.utf8)) }

    @Test func `nesting beyond the limit is refused and does not exhaust the stack`() throws {
        let deep = String(repeating: "[", count: 1_000_000)
        #expect(try fault(deep).reason.contains("nested deeper than 64"))
        #expect(try fault(String(repeating: "{\"a\":", count: 100_000)).reason.contains("nested deeper"))
    }

    @Test func `bytes that are not UTF-8 are refused with their place`() throws {
        #expect(try fault([0x22, 0x61, 0xFF, 0x22]) .reason == "not valid UTF-8")
        #expect(try fault([0x22, 0xC0, 0x80, 0x22]).reason == "not valid UTF-8")
        #expect(try fault([0x22, 0xED, 0xA0, 0x80, 0x22]).offset == 0)
    }

    @Test func `a member named twice is refused`() throws {
        #expect(try fault(#"{"a":1,"b":2,"a":3}"#).reason == "member \"a\" appears twice")
        #expect(try fault(#"{"a":1,"\u0061":3}"#).reason.contains("appears twice"))
    }

    @Test func `two spellings of one character name two members`() throws {
        let value = try JSON.parse("{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(value.object?.count == 2)
    }

    @Test func `huge numbers keep their digits and never become amounts`() throws {
        let huge = String(repeating: "9", count: 40)
        #expect(try JSON.parse(huge) == .decimal(huge))
        #expect(try fault(String(repeating: "9", count: 5_000)).reason.contains("longer than 64"))
        #expect(try JSON.parse("1e999999").integer == nil)
        #expect(try JSON.parse("9223372036854775808").integer == nil)
        #expect(try JSON.parse("-9223372036854775808").integer == .min)
    }

    @Test func `text that is no JSON is refused`() throws {
        for text in ["", " ", "{", "[1,]", "{\"a\" 1}", "nul", "01", "1.", "--1", "'a'", "\"a", "\"\\x\"", "\"\\ud800\"", "1 2", "\"\t\"", "+1", "NaN"] {
            #expect(!(try fault(text).reason.isEmpty), "\(text)")
        }
    }
}
