@testable import ChannelAdapters
import ChannelSimulators
import Commerce
import Testing

@Suite struct SFTrackerTests {
    private func parcel(phone: String? = nil) throws -> TrackedParcel {
        TrackedParcel(carrier: try #require(CarrierID("sf")), number: "SF1234567890123", phoneTail: phone)
    }

    @Test func `a parcel is found with the end of its phone number and says nothing without`() async throws {
        let world = try TrackerWorld(.sfJSON, settings: ["query_interval_minutes": "0"])
        let tracker = try #require(world.gateway.parcels)
        try world.control("announce", ["number": "SF1234567890123", "carrier": "sf", "phone": "1234"])
        try world.control("move", ["number": "SF1234567890123"])
        #expect(await tracker.track(try parcel()) == .nothing)
        guard case .report(let report) = await tracker.track(try parcel(phone: "1234")) else {
            Issue.record("no report")
            return
        }
        #expect(report.events.map(\.code) == ["50"])
    }

    @Test(arguments: [
        ("A1001", false), ("A1002", true), ("A1004", false), ("A1005", true), ("A1006", false), ("A1009", true), ("A1099", true), ("", false),
    ])
    func `a code says whether the same may be asked again`(code: String, isForLater: Bool) {
        let answer = ReportedValue(["apiResultCode": .string(code), "apiErrorMsg": "words"])
        switch SFTracker.result(answer) {
        case .later: #expect(isForLater)
        case .refused(let reason): #expect(!isForLater && reason == "\(code): words")
        case .object: Issue.record("taken for an answer")
        }
    }

    @Test(arguments: ["", "x", "[]", "{", "null"])
    func `an answer whose inside cannot be read is asked for again`(inside: String) {
        guard case .later = SFTracker.result(ReportedValue(["apiResultCode": "A1000", "apiResultData": .string(inside)])) else {
            Issue.record("not for later")
            return
        }
    }

    @Test func `the inside may be a text or an object, and one without success is refused`() throws {
        let inside: JSON = ["success": false, "errorCode": "S0002", "errorMsg": "无此运单"]
        for data in [inside, .string(inside.text)] {
            guard case .object(let read) = SFTracker.result(ReportedValue(["apiResultCode": "A1000", "apiResultData": data])) else {
                Issue.record("not read")
                continue
            }
            #expect(SFTracker.read(read, of: try parcel()) == .refused("S0002: 无此运单"))
        }
    }
}
