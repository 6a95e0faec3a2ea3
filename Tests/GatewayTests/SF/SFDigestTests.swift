@testable import ChannelAdapters
import ChannelSimulators
import Commerce
import TestKit
import Testing

@Suite struct SFDigestTests {
    static let plain = #"{"language":"0","trackingType":"1","trackingNumber":["SF0000000000001"],"methodType":"1"}"#
    static let mixed = #"{"remark":"a*b~c 中"}"#

    @Test(arguments: [
        (SFDigestTests.plain, FormEscaping.java, "esApsmF6DDQjQdaFzO412w=="), (SFDigestTests.plain, .python, "esApsmF6DDQjQdaFzO412w=="),
        (SFDigestTests.plain, .javaScript, "esApsmF6DDQjQdaFzO412w=="), (SFDigestTests.mixed, .java, "yh21y9lOcH29Xq3f6KZiAw=="),
        (SFDigestTests.mixed, .python, "bh+7mVi7vEluLD9m6x7rIw=="), (SFDigestTests.mixed, .javaScript, "rkG1cRRSQL+cbnIr7LJXig=="),
    ])
    func `each encoder gives the digest its vector says`(message: String, escaping: FormEscaping, digest: String) {
        #expect(SFAccount.digest(message, "1700000000000", checkword: "CHECKWORD", escaping: escaping) == digest)
    }

    @Test(arguments: [SFDigestTests.plain, SFDigestTests.mixed, "", "!'()*-._~ +&=%/?#[]@:;,$\"\\<>{}|^`\u{7F}\n", "🚚 ключ"])
    func `each encoder agrees with others' of its kind`(message: String) throws {
        for (escaping, name) in [(FormEscaping.java, "sf-java"), (.python, "sf-python"), (.javaScript, "sf-javascript")] {
            let own = SFAccount.digest(message, "1700000000000", checkword: "CHECK*WORD~", escaping: escaping)
            #expect(try PythonDigests.compute(name, message, "1700000000000CHECK*WORD~") == own, "\(name)")
        }
    }

    @Test(arguments: FormEscaping.allCases)
    func `SF takes a digest made with any of the encoders, and no other`(escaping: FormEscaping) throws {
        let simulator = SFSimulator.make(callbackURL: "http://heyi.test", time: ManualTime(), random: Surroundings.still().random)
        let message = #"{"language":"0","trackingNumber":["SF1234567890123"],"note":"a*b~c (d)"}"#
        func code(_ digest: String) throws -> String? {
            let body = FormEscaping.form([
                ("partnerID", SFSimulator.partnerID), ("requestID", "r"), ("serviceCode", "EXP_RECE_SEARCH_ROUTES"), ("timestamp", "1700000000000"),
                ("msgDigest", digest), ("msgData", message),
            ])
            let request = SimulatedRequest(method: "POST", target: "/std/service", headers: [], body: body)
            guard case .answered(let answer) = simulator.respond(to: request) else { return nil }
            return try JSON.parse(answer.body)["apiResultCode"]?.string
        }
        let own = SFAccount.digest(message, "1700000000000", checkword: SFSimulator.checkword, escaping: escaping)
        #expect(try code(own) == "A1000")
        #expect(try code(SFAccount.digest(message, "1700000000001", checkword: SFSimulator.checkword, escaping: escaping)) == "A1006")
        #expect(try code("") == "A1006")
    }
}
