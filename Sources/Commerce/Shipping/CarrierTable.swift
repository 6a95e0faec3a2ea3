/// The carriers known here, the most used first.
///
/// The columns come from code lists that platforms and their users publish; an account's `carrier_codes` says otherwise.
package enum CarrierTable {
    package static let rows: [Carrier] = inside + abroad

    private static let inside: [Carrier] = [
        Carrier(
            "sf", "顺丰速运", "SF Express", kuaidi100: "shunfeng", kdniao: "SF", seventeenTrack: 100_012, weChat: "SF", asksPhone: true),
        Carrier("zto", "中通快递", "ZTO Express", kuaidi100: "zhongtong", kdniao: "ZTO", seventeenTrack: 190_455, weChat: "ZTO"),
        Carrier("yto", "圆通速递", "YTO Express", kuaidi100: "yuantong", kdniao: "YTO", seventeenTrack: 190_157, weChat: "YTO"),
        Carrier("yunda", "韵达快递", "Yunda Express", kuaidi100: "yunda", kdniao: "YD", seventeenTrack: 190_341, weChat: "YD"),
        Carrier("sto", "申通快递", "STO Express", kuaidi100: "shentong", kdniao: "STO", seventeenTrack: 190_324, weChat: "STO"),
        Carrier("jt", "极兔速递", "J&T Express", kuaidi100: "jtexpress", kdniao: "JTSD", seventeenTrack: 190_442, weChat: "JTSD"),
        Carrier("jd", "京东物流", "JD Logistics", kuaidi100: "jd", kdniao: "JD", weChat: "JD"),
        Carrier("ems", "EMS", "China EMS", kuaidi100: "ems", kdniao: "EMS", seventeenTrack: 3_013, weChat: "EMS"),
        Carrier(
            "china-post", "邮政快递包裹", "China Post", kuaidi100: "youzhengguonei", kdniao: "YZPY", seventeenTrack: 3_011, weChat: "YZPY"),
        Carrier("deppon", "德邦快递", "Deppon Express", kuaidi100: "debangkuaidi", kdniao: "DBL", weChat: "DBL"),
        Carrier("danniao", "菜鸟速递", "Danniao", kuaidi100: "danniao", kdniao: "DNWL", weChat: "DNWL"),
        Carrier("kuayue", "跨越速运", "KYE Express", kuaidi100: "kuayue", kdniao: "KYSY", weChat: "KYSY"),
        Carrier("best", "百世快递", "Best Express", kuaidi100: "huitongkuaidi", kdniao: "HTKY", seventeenTrack: 190_259, weChat: "HTKY"),
        Carrier("uc", "优速快递", "UC Express", kuaidi100: "youshuwuliu", kdniao: "UC", weChat: "UC"),
        Carrier("zjs", "宅急送", "ZJS Express", kuaidi100: "zhaijisong", kdniao: "ZJS", weChat: "ZJS"),
        Carrier("tiantian", "天天快递", "TTK Express", kuaidi100: "tiantian", kdniao: "HHTT", weChat: "HHTT"),
        Carrier("ane", "安能物流", "ANE Logistics", kuaidi100: "annengwuliu", kdniao: "ANE", weChat: "ANE"),
        Carrier("zto-freight", "中通快运", "ZTO Freight", kuaidi100: "zhongtongkuaiyun", kdniao: "ZTOKY", weChat: "ZTOKY"),
        Carrier("sf-freight", "顺丰快运", "SF Freight", kuaidi100: "shunfengkuaiyun", asksPhone: true),
    ]

    private static let abroad: [Carrier] = [
        Carrier("cainiao", "菜鸟国际", "Cainiao", seventeenTrack: 190_271),
        Carrier("yunexpress", "云途物流", "YunExpress", kuaidi100: "yuntrack", seventeenTrack: 190_008),
        Carrier("yanwen", "燕文物流", "Yanwen", kuaidi100: "yanwen", seventeenTrack: 190_012),
        Carrier("fpx", "递四方", "4PX", kuaidi100: "disifang", seventeenTrack: 190_094),
        Carrier("dhl", "DHL 国际快递", "DHL Express", kuaidi100: "dhl", kdniao: "DHL", seventeenTrack: 100_001, weChat: "DHL"),
        Carrier("ups", "UPS", "UPS", kuaidi100: "ups", kdniao: "UPS", seventeenTrack: 100_002, weChat: "UPS"),
        Carrier("fedex", "联邦快递", "FedEx", kuaidi100: "fedex", kdniao: "FEDEX", seventeenTrack: 100_003, weChat: "FEDEX"),
        Carrier("tnt", "TNT", "TNT", kuaidi100: "tnt", kdniao: "TNT", seventeenTrack: 100_004, weChat: "TNT"),
        Carrier("aramex", "Aramex", "Aramex", kuaidi100: "aramex", kdniao: "ARAMEX", seventeenTrack: 100_006),
        Carrier("usps", "美国邮政", "USPS", kuaidi100: "usps", kdniao: "USPS", seventeenTrack: 21_051),
        Carrier("royal-mail", "英国皇家邮政", "Royal Mail", kuaidi100: "royalmail", seventeenTrack: 11_031),
    ]

    private static let byID = Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }

    package static func carrier(_ id: CarrierID) -> Carrier? { byID[id] }

    /// Who a platform's code means; case does not matter to any of them.
    package static func carrier(where column: (Carrier) -> String?, is code: String) -> Carrier? {
        let sought = code.lowercased()
        return rows.first { column($0)?.lowercased() == sought }
    }
}
