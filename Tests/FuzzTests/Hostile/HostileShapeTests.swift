import Commerce
import ConflictResolution
import Foundation
import SyncEngine
import TestKit
import Testing

@testable import ChannelAdapters

/// Inputs made to cost far more to read than to send.
@Suite struct HostileShapeTests {
    @Test(.timeLimit(.minutes(5)))
    func `an object whose names come in falling order costs no more than one in order`() throws {
        // At a million the square of it takes many times the limit, and what it should take seconds.
        let count = FuzzRounds.isFull ? 1_000_000 : 20_000
        let body = "{" + (0..<count).map { "\"\(9_999_999 - $0)\":0" }.joined(separator: ",") + "}"
        let value = try JSON.parse(body)
        #expect(value.object?.count == count)
        #expect(value.object?.members.first?.name == "\(10_000_000 - count)")
        let twice = body.dropLast() + ",\"9999999\":1}"
        let fault = #expect(throws: JSONError.self) { _ = try JSON.parse(String(twice)) }
        #expect(fault?.reason == "member \"9999999\" appears twice")
        #expect(fault?.offset == body.utf8.count)
    }

    @Test(.timeLimit(.minutes(5)))
    func `a stranger's list of signatures does not make us read the body again for each`() throws {
        let signer = try StandardWebhooks(secrets: [Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")])
        let now = Timestamp(milliseconds: 1_767_225_600_000)
        let body = [UInt8](repeating: 0x20, count: 1 << 20)
        let own = try signer.sign(id: "m", at: now, payload: body)
        let forged = "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="
        var headers = Dictionary(own) { first, _ in first }
        headers["webhook-signature"] = Array(repeating: forged, count: 1_000).joined(separator: " ")
        #expect(throws: SignatureFault.mismatch) { try signer.verify(payload: body, at: now) { headers[$0] } }
    }

    @Test(arguments: [Int64.min, .min + 1, -1, 0, 49, 50, .max - 1, .max])
    func `an amount from the end of the number range is rounded and traps nobody`(amount: Int64) throws {
        for unit in [Int64(1), 100, 1_000_000_000_000, .max / 2 + 1, .max] {
            let rule = ProjectionRule(family: "price", member: nil, effect: .round(unit: unit))
            let once = rule.apply(to: .integer(amount))
            #expect(rule.apply(to: once) == once, "\(amount) to \(unit)")
        }
    }

    @Test func `a page of more deltas than one transaction should hold is refused whole`() throws {
        let delta = #"{"entity":{"kind":"tag","id":"t"},"unit":"place","op":"delete"}"#
        let page = #"{"deltas":[\#(Array(repeating: delta, count: 10_001).joined(separator: ","))]}"#
        let reader = AnswerReader(try JSON.parse(page))
        let fault = #expect(throws: AnswerFault.self) { _ = try reader.pulledDeltas() }
        #expect(fault?.channelError.description.contains("deltas: has 10001 elements; a page has at most 10000") == true)
    }

    @Test func `capabilities with endless projection rules are refused`() throws {
        let rule = #"{"unit":"text","effect":"sort"}"#
        let answer = #"{"protocol":"heyi-delta/1","generation":"g","clocks":false,"batch_max":1,"projection":[\#(Array(repeating: rule, count: 257).joined(separator: ","))]}"#
        let fault = #expect(throws: AnswerFault.self) { _ = try AnswerReader(try JSON.parse(answer)).capabilities() }
        #expect(fault?.path == "projection")
    }

    @Test func `a time in microseconds is refused, not taken for another year`() throws {
        let item = #"{"kind":"tag","id":"t","updated_at":1767225600000000,"version":"1","fields":{}}"#
        let fault = #expect(throws: AnswerFault.self) { _ = try AnswerReader(try JSON.parse(item)).item() }
        #expect(fault?.path == "updated_at")
        #expect(Stamp(time: Timestamp(milliseconds: 1 << 48)) > Stamp(time: Timestamp(milliseconds: 1_767_225_600_000)))
    }

    @Test(arguments: [Duration.zero, .seconds(-5), .seconds(999_999_999)])
    func `asking for no wait or for decades is heeded within reason`(asked: Duration) {
        let heeded = RetrySchedule().heeded(asked)
        #expect(heeded >= .seconds(1) && heeded <= .seconds(86_400))
    }
}
