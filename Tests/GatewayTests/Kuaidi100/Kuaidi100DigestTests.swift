@testable import ChannelAdapters
import Testing

@Suite struct Kuaidi100DigestTests {
    @Test func `a question is signed as the published vector is`() throws {
        let param = #"{"com":"yuantong","num":"YT0000000000001","phone":"","resultv2":"4","show":"0","order":"desc"}"#
        let sign = Kuaidi100Tracker.sign(param, key: "KEYkeyKEY", customer: "CUSTOMER01")
        #expect(sign == "D46CE771FD47CC9EC55DFB941B643E42")
        #expect(try PythonDigests.compute("kuaidi100", param, "KEYkeyKEYCUSTOMER01") == sign)
    }

    @Test(arguments: ["", "salt", "盐&=+ %", "a/b"])
    func `a push is signed as others compute it`(salt: String) throws {
        let param = #"{"status":"polling","lastResult":{"nu":"1","context":"中文 \"quoted\" & 100%"}}"#
        #expect(try PythonDigests.compute("kuaidi100", param, salt) == Kuaidi100Receiver.sign(param, salt: salt))
    }
}
