import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// What goes back: a status, perhaps a document, perhaps a tag.
struct ShopAnswer: Sendable {
    var status: Int
    var json: JSON?
    var contentType = "application/json"
    var headers: [(name: HTTPField.Name, value: String)] = []

    init(_ status: Int = 200, _ json: JSON? = nil) {
        self.status = status
        self.json = json
    }

    init(_ problem: ShopProblem) {
        status = problem.status
        json = problem.json
        if problem.body == nil { contentType = "application/problem+json" }
        if let seconds = problem.retryAfter { headers.append((.retryAfter, String(seconds))) }
    }

    /// An item with its entity tag.
    init(item: JSON) {
        self.init(200, item)
        if let version = item["version"]?.string { headers.append((.eTag, "\"\(version)\"")) }
    }

    var response: Response {
        var fields = HTTPFields()
        for header in headers { fields[header.name] = header.value }
        guard let json else { return Response(status: HTTPResponse.Status(code: status), headers: fields) }
        fields[.contentType] = contentType
        return Response(
            status: HTTPResponse.Status(code: status), headers: fields,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.bytes)))
    }
}
