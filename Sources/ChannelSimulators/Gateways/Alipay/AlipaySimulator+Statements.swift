import ChannelAdapters
import Commerce

extension AlipaySimulator {
    func statement(_ content: JSON, _ books: inout AlipayBooks, _ now: Timestamp) -> JSON {
        guard let day = content["bill_date"]?.string.flatMap(CalendarDay.init), content["bill_type"]?.string == "trade" else {
            return AlipaySimulator.failure("40002", "Invalid Arguments", "isv.invalid-parameter", "参数无效")
        }
        let rows = AlipayStatementWriter.rows(of: day, books)
        guard day < CalendarDay(at: now, offset: BeijingTime.offset), !rows.isEmpty else {
            return AlipaySimulator.refused("isp.bill_not_exist", "账单不存在")
        }
        let name = "\(day)-\(books.next())"
        books.files[name] = (AlipayStatementWriter.archive(rows, of: day, seller: AlipaySimulator.sellerID), now + .seconds(30))
        return [
            "code": "10000", "msg": "Success",
            "bill_download_url": .string("http://\(host)/downloadBillFile.resource?bizType=trade&fileType=csv.zip&fileId=\(name)"),
        ]
    }

    static func file(_ request: SimulatedRequest, _ books: inout AlipayBooks, _ now: Timestamp) -> SimulatedOutcome {
        guard let file = AlipayWire.fields(request.query)["fileId"].flatMap({ books.files[$0] }), now < file.until else {
            return .answered(HTTPResponse(status: 200, headers: [], body: Array("<html>下载链接已失效</html>".utf8)))
        }
        return .answered(HTTPResponse(status: 200, headers: [("content-type", "application/zip")], body: file.content))
    }
}
