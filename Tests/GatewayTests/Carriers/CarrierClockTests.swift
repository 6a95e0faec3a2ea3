import ChannelAdapters
import Commerce
import Testing

@Suite struct CarrierClockTests {
    @Test(arguments: ["2026-12-01 10:00:00", "2026/12/01 10:00", "2026-12-01T10:00:00", "2026-12-01 10:00:00.000"])
    func `a time without a zone is Beijing's`(text: String) {
        #expect(CarrierClock.beijing(text) == Timestamp(milliseconds: 1_796_090_400_000))
    }

    @Test(arguments: [
        "2026-12-01T10:00:00+08:00", "2026-12-01T02:00:00Z", "2026-12-01T02:00:00.123Z", "2026-11-30T21:00:00-05:00", "2026-12-01T07:30:00+0530",
    ])
    func `a time with a zone is the same instant wherever it was written`(text: String) {
        #expect(CarrierClock.zoned(text) == Timestamp(milliseconds: 1_796_090_400_000))
    }

    @Test(arguments: [
        "", "2026-12-01", "2026-13-01 10:00:00", "2026-02-30 10:00:00", "2026-12-01 24:00:00", "2026-12-01 10:60:00", "2026-12-01 10:00:99",
        "２０２６-12-01 10:00:00", "2026-12-01 10:00:00 and more", "0000-00-00 00:00:00", "-026-12-01 10:00:00",
    ])
    func `what is no time is none`(text: String) {
        #expect(CarrierClock.beijing(text) == nil)
        #expect(CarrierClock.zoned(text) == nil)
    }

    @Test func `a time without a zone is none where one is wanted, and is written as it is read`() {
        #expect(CarrierClock.zoned("2026-12-01T10:00:00") == nil)
        #expect(CarrierClock.beijing("2026-12-01T10:00:00Z") == nil)
        #expect(CarrierClock.beijingText(Timestamp(milliseconds: 1_796_090_400_000)) == "2026-12-01 10:00:00")
    }
}
