import Commerce
import Testing

@Suite struct CarrierTableTests {
    @Test func `no two carriers share a name or a platform's code`() {
        #expect(Set(CarrierTable.rows.map(\.id)).count == CarrierTable.rows.count)
        for column: (Carrier) -> String? in [{ $0.kuaidi100 }, { $0.kdniao }, { $0.seventeenTrack.map { String($0) } }, { $0.weChat }] {
            let codes = CarrierTable.rows.compactMap(column)
            #expect(Set(codes).count == codes.count)
        }
    }

    @Test func `the fifteen commonest carriers have a code at both Chinese services and at WeChat`() {
        for row in CarrierTable.rows.prefix(15) {
            #expect(row.kuaidi100 != nil && row.kdniao != nil && row.weChat != nil, "\(row.id)")
        }
    }

    @Test func `a carrier is found by its name and by a platform's code in any case`() throws {
        let yto = try #require(CarrierID("yto").flatMap(CarrierTable.carrier))
        #expect(yto.english == "YTO Express")
        #expect(CarrierTable.carrier(where: { $0.kdniao }, is: "jtsd")?.id.text == "jt")
        #expect(CarrierTable.carrier(where: { $0.kuaidi100 }, is: "nobody") == nil)
    }

    @Test(arguments: [
        ("SF1234567890123", "sf"), ("sf 1234567890123", "sf"), ("YT1234567890123", "yto"), ("YT1234567890123456", "yunexpress"),
        ("78123456789012", "zto"), ("773123456789012", "sto"), ("4312345678901", "yunda"), ("JT1234567890123", "jt"),
        ("JDVA12345678901", "jd"), ("9812345678901", "china-post"), ("DPK123456789012", "deppon"), ("1Z999AA10123456784", "ups"),
        ("9400100000000000000000", "usps"), ("LP00123456789012", "cainiao"), ("EA123456785CN", "ems"), ("RR123456785CN", "china-post"),
        ("RR123456785GB", "royal-mail"), ("4PX3000123456789CN", "fpx"),
    ])
    func `a number's shape names its likeliest carrier first`(number: String, carrier: String) {
        #expect(CarrierTable.candidates(for: number).first?.text == carrier)
    }

    @Test func `digits alone fit several carriers, the likelier first`() {
        #expect(CarrierTable.candidates(for: "123456789012").map(\.text) == ["sf", "fedex"])
    }

    @Test(arguments: ["", "12", "RR123456789CN", "单号1234567890", "SF12345;DROP", String(repeating: "9", count: 10_000)])
    func `a shape that is nobody's, or a wrong check digit, names nobody`(number: String) {
        #expect(CarrierTable.candidates(for: number).isEmpty)
    }
}
