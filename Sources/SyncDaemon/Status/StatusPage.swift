import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Mustache

/// The live status page: `heyi status` for a browser.
///
/// Rendered whole on the server, so it works without JavaScript; where there is some,
/// the same markup comes again over an event stream when something changed.
struct StatusPage: Sendable {
    private let source: any StatusSource
    private let streams: EventStream
    private let library: MustacheLibrary

    init(source: any StatusSource, streams: EventStream) throws {
        self.source = source
        self.streams = streams
        library = MustacheLibrary(templates: [
            "page": try MustacheTemplate(string: PageTemplate.page),
            "report": try MustacheTemplate(string: PageTemplate.report),
        ])
    }

    var routes: [Route] { [page, live] + PageAssets.all.map(asset) }

    private static let language = RouteParameter.query(
        "lang", .word(PageLanguage.allCases.map(\.rawValue)), "Instead of Accept-Language.")

    private var page: Route {
        Route(
            .get, "/", .page, .operators, "The status page", parameters: [StatusPage.language],
            answers: [.content("text/html", "The page in English or Chinese.")]
        ) { exchange in
            let language = PageLanguage.chosen(query: exchange.query("lang"), header: exchange.header(.acceptLanguage))
            let html = render("page", try await source.report(), language)
            var response = Response.text(html, type: "text/html; charset=utf-8")
            response.headers[.vary] = "Accept-Language"
            response.headers[.contentLanguage] = language.tag
            return response
        }
    }

    private var live: Route {
        Route(
            .get, "/live", .page, .operators, "The page's report as it changes", parameters: [StatusPage.language],
            answers: [.content("text/event-stream", "`event: report`, data the report's markup.")]
        ) { exchange in
            // The page names its own full tag, `zh-CN`.
            let query = exchange.query("lang").map { String($0.prefix(2)) }
            let language = PageLanguage.chosen(query: query, header: exchange.header(.acceptLanguage))
            return try streams.response(to: exchange, news: source.news, from: UInt64?.none) { sent in
                let count = source.news.count
                guard sent != count else { return [] }
                sent = count
                return [ServerEvent(id: nil, name: "report", text: render("report", try await source.report(), language))]
            }
        }
    }

    private func asset(_ asset: PageAsset) -> Route {
        Route(
            .get, asset.path, .page, .operators, "A file of the page", answers: [.content(asset.contentType, "The file.")]
        ) { _ in
            Response(
                status: .ok,
                headers: [.contentType: asset.contentType, .cacheControl: "public, max-age=31536000, immutable"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
        }
    }

    func render(_ template: String, _ report: StatusReport, _ language: PageLanguage) -> String {
        library.render(StatusView(report, in: language), withTemplate: template) ?? ""
    }
}
